{#- A quality gate: of every entity of a source, the rows read by its last load are those loaded, rejected or repeated.
    data_tests: [loads_balance: {name: crm_loads_balance, arguments: {source_name: crm}}] -#}
{% test loads_balance(model, source_name) %}
{{ config(severity='warn') }}
select source, entity, run_id, read_cnt, loaded_cnt, rejected_cnt, repeated_cnt
from {{ model }}
where source = '{{ source_name }}' and not is_balanced
qualify row_number() over (partition by entity order by finished_at desc, run_id desc) = 1
{% endtest %}
