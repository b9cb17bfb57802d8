{#- Text without blanks around it; empty text is null.  {{ clean_text('city') }} -#}
{% macro clean_text(column) -%}
    nullif(trim({{ column }}), '')
{%- endmacro %}
