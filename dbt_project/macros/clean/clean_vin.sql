{#- A vehicle identification number: upper case, no blanks or dashes, 17 legal characters; else null.  {{ clean_vin('vin') }} -#}
{% macro clean_vin(column) -%}
    {{ return(adapter.dispatch('clean_vin', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__clean_vin(column) -%}
    nullif(
        regexp_extract(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), '^[A-HJ-NPR-Z0-9]{17}$'), ''
    )
{%- endmacro %}
