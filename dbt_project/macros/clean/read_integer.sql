{#- Text as a whole number; null when it is none.  {{ read_integer('duration') }} -#}
{% macro read_integer(column) -%}
    {{ return(adapter.dispatch('read_integer', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__read_integer(column) -%}
    try_cast({{ column }} as integer)
{%- endmacro %}
