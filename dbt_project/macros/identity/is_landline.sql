{#- Whether a number in E.164 rings in a house and not in a pocket: a household's, not a person's. Known for Germany (mobile
    numbers begin with 15, 16 and 17); elsewhere a number passes for a person's.  {{ is_landline('phone') }} -#}
{% macro is_landline(phone) -%}
    {{ return(adapter.dispatch('is_landline', 'forecourt')(phone)) }}
{%- endmacro %}

{% macro duckdb__is_landline(phone) -%}
    regexp_matches({{ phone }}, '^\+49[^1]|^\+491[^567]')
{%- endmacro %}
