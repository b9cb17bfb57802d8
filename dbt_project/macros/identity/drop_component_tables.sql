{#- Remove the work tables of connected_components: the post-hook of the model that called it. -#}
{% macro drop_component_tables() -%}
    {%- if execute -%}
        {%- for row in list_relations_without_caching(this).rows if row['name'].startswith(this.identifier ~ '__cc_') -%}
            {%- do run_query("drop table if exists " ~ this.incorporate(path={'identifier': row['name']})) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
