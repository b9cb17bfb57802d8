{#- A quality gate: a column is known for at least a share of the rows (an empty table passes).
    data_tests: [share_known: {name: leads_have_people, arguments: {column: one_id, at_least: 0.9}}] -#}
{% test share_known(model, column, at_least, where='true') %}
{{ config(severity='warn') }}
select count({{ column }}) as known_cnt, count(*) as row_cnt
from {{ model }}
where {{ where }}
having count({{ column }}) < {{ at_least }} * count(*)
{% endtest %}
