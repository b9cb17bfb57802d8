{#- A postal code: German ones as five digits (a leading zero that a spreadsheet lost is put back, 'D-' is dropped),
    others upper case without blanks.  {{ clean_postal_code('zip') }} -#}
{% macro clean_postal_code(column) -%}
    {{ return(adapter.dispatch('clean_postal_code', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__clean_postal_code(column) -%}
    {%- set text = "regexp_replace(upper(trim(" ~ column ~ ")), '^D-?|\\s', '', 'g')" -%}
    case
        when regexp_full_match({{ text }}, '[0-9]{4,5}') then lpad({{ text }}, 5, '0')
        else nullif({{ text }}, '')
    end
{%- endmacro %}
