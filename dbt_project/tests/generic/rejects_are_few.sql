{#- A quality gate: of what the loads of the last `days` days read from a source, at most `at_most` (a share) was rejected.
    Days count back from the source's last load.
    data_tests: [rejects_are_few: {name: crm_rejects_are_few, arguments: {source_name: crm, at_most: 0.05}}] -#}
{% test rejects_are_few(model, source_name, at_most, days=7) %}
{{ config(severity='warn') }}
with recent as (
    select read_cnt, rejected_cnt
    from {{ model }}
    where source = '{{ source_name }}'
    qualify started_on > max(started_on) over () - {{ days }}
)

select sum(rejected_cnt) as rejected_cnt, sum(read_cnt) as read_cnt
from recent
having sum(rejected_cnt) > {{ at_most }} * sum(read_cnt)
{% endtest %}
