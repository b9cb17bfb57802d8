{#- A key that people copy by hand (a tax number, an account): letters and digits only, upper case; null of fewer than
    four, and of one character repeated (000-00-0000).  {{ clean_code('national_id') }} -#}
{% macro clean_code(column) -%}
    {{ return(adapter.dispatch('clean_code', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__clean_code(column) -%}
    {%- set code = "regexp_replace(upper(" ~ column ~ "), '[^A-Z0-9]', '', 'g')" -%}
    case when length({{ code }}) >= 4 and replace({{ code }}, left({{ code }}, 1), '') <> '' then {{ code }} end
{%- endmacro %}
