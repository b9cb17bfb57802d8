{#- A number that changes when one of the values does (64 bits: two states of a record are alike by chance once in 2^64).
    {{ fingerprint(['email', 'phone']) }} -#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint', 'forecourt')(columns)) }}
{%- endmacro %}

{% macro duckdb__fingerprint(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}
