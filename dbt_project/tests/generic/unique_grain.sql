{#- No two rows agree in all the columns, which may be null: "not known" is a value of a dimension like any other.
    For keys that are never null there is unique_together.
    data_tests: [unique_grain: {arguments: {columns: [stat_date, dealer_id, one_id]}}] -#}
{% test unique_grain(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as row_cnt
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
