{#- A query of a table of this schema as the build before left it, without a dependency on the model that writes it; of no
    rows where there is none. For models that compare with what stands further to the right.
    {{ standing('id_component', {'record_no': 'bigint', 'component_no': 'bigint'}) }} -#}
{% macro standing(name, columns) -%}
    {{ optional_table('identity', name, columns) }}
{%- endmacro %}
