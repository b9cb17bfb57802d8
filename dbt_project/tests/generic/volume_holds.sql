{#- A quality gate: the last week has at least a share of the rows of an average week of the eight before it. A source that
    has gone quiet still loads without an error. Weeks count back from the last day of the source's data; fewer than 20 rows in
    an average week prove nothing.
    data_tests: [volume_holds: {name: lead_volume_holds, arguments: {day: created_on, source_name: crm, at_least: 0.2}}] -#}
{% test volume_holds(model, day, source_name, at_least) %}
{{ config(severity='warn') }}
with weekly as (
    select
        count(*) filter (where day > as_of_on - 7) as last_cnt,
        count(*) filter (where day between as_of_on - 62 and as_of_on - 7) / 8 as usual_cnt
    from (select {{ day }} as day from {{ model }}) as happened
    cross join (select max(as_of_on) as as_of_on from {{ ref('dim_source') }} where source = '{{ source_name }}') as known
)

select last_cnt, usual_cnt
from weekly
where usual_cnt >= 20 and last_cnt < {{ at_least }} * usual_cnt
{% endtest %}
