{#- What may be shown of an identifying value: enough to follow a comparison, too little to know or to reach anybody.
    m… of a name, a…@g….de, +49…12, the year of a birth, the street's first letters, the first two digits of a postal code.
    {{ mask('email', 'record.email') }} -#}
{% macro mask(field, column) -%}
    {{ return(adapter.dispatch('mask', 'forecourt')(field, column)) }}
{%- endmacro %}

{% macro duckdb__mask(field, column) -%}
    {%- if field == 'email' -%}
        left({{ column }}, 1) || '…@' || left(split_part({{ column }}, '@', 2), 1) || '….'
        || split_part({{ column }}, '.', -1)
    {%- elif field == 'phone' -%}
        left({{ column }}, 3) || '…' || right({{ column }}, 2)
    {%- elif field == 'birth_date' -%}
        strftime({{ column }}, '%Y-…')
    {%- elif field == 'postal_code' -%}
        left({{ column }}, 2) || '…'
    {%- elif field in ('street', 'organisation') -%}
        left({{ column }}, 3) || '…'
    {%- else -%}
        left({{ column }}, 1) || '…'
    {%- endif -%}
{%- endmacro %}
