{#- What one would dial: the digits of a phone number and a leading plus. The workshop's '(0171) 234-567' and the CRM's
    '0171/234567' become one text, so that the phone library reads each number once.  {{ phone_digits('phone') }} -#}
{% macro phone_digits(column) -%}
    {{ return(adapter.dispatch('phone_digits', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__phone_digits(column) -%}
    nullif(regexp_replace(regexp_replace(trim({{ column }}), '\(0\)', '', 'g'), '[^0-9+]', '', 'g'), '')
{%- endmacro %}
