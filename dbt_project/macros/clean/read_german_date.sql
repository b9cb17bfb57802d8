{#- Text DD.MM.YYYY as a date; null when it is none.  {{ read_german_date('owned_from') }} -#}
{% macro read_german_date(column) -%}
    {{ return(adapter.dispatch('read_german_date', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__read_german_date(column) -%}
    cast(try_strptime(nullif(trim({{ column }}), ''), '%d.%m.%Y') as date)
{%- endmacro %}
