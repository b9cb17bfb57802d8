{#- A work table of connected_components, beside the model that calls it.  {{ component_table('edge_0') }} -#}
{% macro component_table(step) -%}
    {{ return(this.incorporate(path={'identifier': this.identifier ~ '__cc_' ~ step})) }}
{%- endmacro %}
