{#- Write a work table of connected_components anew from a query. Not dbt's create_table_as: it would apply the calling
    model's contract to the work table. -#}
{% macro create_component_table(relation, query) -%}
    {%- do run_query("drop table if exists " ~ relation) -%}
    {%- do run_query("create table " ~ relation ~ " as " ~ query) -%}
{%- endmacro %}
