{#- Whether the ninth character of a cleaned VIN is the check digit of the others (ISO 3779, as used in North America;
    other makers may put anything there, so this is a hint and never a filter).  {{ has_valid_check_digit('vin') }} -#}
{% macro has_valid_check_digit(vin) -%}
    {{ return(adapter.dispatch('has_valid_check_digit', 'forecourt')(vin)) }}
{%- endmacro %}

{% macro duckdb__has_valid_check_digit(vin) -%}
    {%- set weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] -%}
    {%- set digits = "translate(" ~ vin ~ ", 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789')" -%}
    substr('0123456789X', 1 + (
        {%- for weight in weights %}
        {{ weight }} * cast(substr({{ digits }}, {{ loop.index }}, 1) as integer){{ ' +' if not loop.last }}
        {%- endfor %}
    ) % 11, 1) = substr({{ vin }}, 9, 1)
{%- endmacro %}
