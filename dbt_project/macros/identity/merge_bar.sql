{#- How many bits likelier than even two records must be one person before their scores alone put them together
    (var `id_merge_bar`). In a warehouse a wrong merge costs more than a missed one: 16 bits are odds of 65,536 to 1. A
    file that is evaluated is asked for the most right pairs, so there both count alike: 0 bits.  {{ merge_bar() }} -#}
{% macro merge_bar() -%}
    {{ return(var('id_merge_bar')[var('id_records')] if var('id_merge_bar') is mapping else var('id_merge_bar')) }}
{%- endmacro %}
