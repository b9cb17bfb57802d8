{#- A round of connected_components: the table of node -> root that follows from hooking every node of `edge` on to its
    smallest neighbour. Pointers jump (each to its pointer's pointer) until none moves. -#}
{% macro component_roots(edge, round) -%}
    {%- set root = component_table('root_' ~ round) -%}
    {%- set jumped = component_table('jump') -%}
    {%- set work = namespace(moved=1) -%}
    {%- do create_component_table(root, "select node, least(node, min(other)) as root, true as is_moved from " ~ edge
        ~ " group by node") -%}
    {%- for jump in range(64) if work.moved -%}
        {%- do create_component_table(jumped, "select child.node, parent.root, child.root <> parent.root as is_moved from "
            ~ root ~ " as child inner join " ~ root ~ " as parent on child.root = parent.node") -%}
        {%- set work.moved = run_query("select count(*) from " ~ jumped ~ " where is_moved").rows[0][0] -%}
        {%- do create_component_table(root, "select * from " ~ jumped) -%}
    {%- endfor -%}
    {{ return(root) }}
{%- endmacro %}
