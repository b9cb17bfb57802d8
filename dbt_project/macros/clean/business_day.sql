{#- The day of an instant on the calendar of the business time zone.  {{ business_day('created_at') }} -#}
{% macro business_day(instant) -%}
    cast({{ instant }} at time zone '{{ var("business_time_zone") }}' as date)
{%- endmacro %}
