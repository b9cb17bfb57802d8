{#- The schema is the folder's, whoever runs it: staging, identity, core, indicators, serving. A developer's
    copy is another warehouse file (FORECOURT_WAREHOUSE), not a prefixed schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
