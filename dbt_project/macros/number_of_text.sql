{#- A negative number for a text, the same in every build: 63 bits of its MD5, so that among ten million texts two
    share a number with a chance of 5 in a million.

    {{ number_of_text('device_key') }} as device_no -#}
{% macro number_of_text(column) -%}
    {{ return(adapter.dispatch('number_of_text')(column)) }}
{%- endmacro %}

{% macro duckdb__number_of_text(column) -%}
    -1 - cast(md5_number_lower({{ column }}) % 9223372036854775807 as bigint)
{%- endmacro %}
