{#- Street and house number in the form in which spellings are compared: 'Lange Straße 5 a' and 'Lange Str. 5a' are equal.  {{ fold_street('street') }} -#}
{% macro fold_street(column) -%}
    {{ return(adapter.dispatch('fold_street', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__fold_street(column) -%}
    replace(regexp_replace({{ fold_text(column) }}, '(strasse|str)\b', 'str'), ' ', '')
{%- endmacro %}
