{#- Several columns together are a key: no two rows agree in all of them, and none is null.
    data_tests: [unique_together: {arguments: {columns: [vin, customer_no]}}] -#}
{% test unique_together(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as row_cnt
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 or {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
