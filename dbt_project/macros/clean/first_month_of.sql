{#- The first day of a period written as 2024-03 or 2024-Q1.  {{ first_month_of('period') }} -#}
{% macro first_month_of(period) -%}
    case
        when contains({{ period }}, 'Q')
            then make_date(
                try_cast(left({{ period }}, 4) as integer), 3 * try_cast(right({{ period }}, 1) as integer) - 2, 1
            )
        else try_cast({{ period }} || '-01' as date)
    end
{%- endmacro %}
