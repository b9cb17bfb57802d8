{#- Text in RFC 3339 as a UTC instant; null when it is no instant. Text without an offset counts as UTC.
    {{ read_instant('created_at') }}: '2024-03-31T01:30:00+01:00' is 00:30 UTC -#}
{% macro read_instant(column) -%}
    {{ return(adapter.dispatch('read_instant', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__read_instant(column) -%}
    try_cast(nullif(trim({{ column }}), '') as timestamp with time zone)
{%- endmacro %}
