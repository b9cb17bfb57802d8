{#- One value of a JSON object as text; null when it is absent or empty.  {{ json_text('properties', 'vin') }} -#}
{% macro json_text(column, key) -%}
    {{ return(adapter.dispatch('json_text', 'forecourt')(column, key)) }}
{%- endmacro %}

{% macro duckdb__json_text(column, key) -%}
    nullif(trim(json_extract_string({{ column }}, '$.{{ key }}')), '')
{%- endmacro %}
