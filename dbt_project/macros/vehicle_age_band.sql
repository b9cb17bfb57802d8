{#- How old a car is on a day, in bands of years; null where it is not known since when it runs.

    {{ vehicle_age_band('delivered_on', 'opened_on') }} as vehicle_age_band -#}
{% macro vehicle_age_band(since_on, on_day) -%}
    case
        when {{ dbt.datediff(since_on, on_day, 'day') }} < 0 then null
        when {{ dbt.datediff(since_on, on_day, 'day') }} < 365 then '0-1'
        when {{ dbt.datediff(since_on, on_day, 'day') }} < 1095 then '1-3'
        when {{ dbt.datediff(since_on, on_day, 'day') }} < 1825 then '3-5'
        when {{ dbt.datediff(since_on, on_day, 'day') }} >= 1825 then '5+'
    end
{%- endmacro %}
