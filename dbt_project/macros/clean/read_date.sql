{#- Text YYYY-MM-DD as a date; null when it is none.  {{ read_date('birth_date') }} -#}
{% macro read_date(column) -%}
    {{ return(adapter.dispatch('read_date', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__read_date(column) -%}
    try_cast(nullif(trim({{ column }}), '') as date)
{%- endmacro %}
