{#- Text of a wall clock in the business time zone ('YYYY-MM-DD HH:MM:SS') as a UTC instant; null when it is none.
    In the night when the clock goes back one text names two instants: the later one (winter time) is taken; times
    that the clock skips in spring are moved by the gap.  {{ read_local_instant('opened_at') }} -#}
{% macro read_local_instant(column) -%}
    {{ return(adapter.dispatch('read_local_instant', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__read_local_instant(column) -%}
    try_cast(nullif(trim({{ column }}), '') as timestamp) at time zone '{{ var("business_time_zone") }}'
{%- endmacro %}
