{#- A 0/1 number as a boolean; null stays null.  {{ read_flag('is_test') }} -#}
{% macro read_flag(column) -%}
    ({{ column }} = 1)
{%- endmacro %}
