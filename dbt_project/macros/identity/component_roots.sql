{#- A round of connected_components: the table of node -> root that follows from hooking every node of `edge` on to its
    smallest neighbour. Pointers jump (each to its pointer's pointer) until none moves. -#}
{% macro component_roots(edge, round) -%}
    {%- set work = namespace(root=component_table('root_' ~ round), moved=1) -%}
    {%- do create_component_table(work.root, "select node, least(node, min(other)) as root from " ~ edge
        ~ " group by node") -%}
    {%- for jump in range(1, 65) if work.moved -%}
        {%- set jumped = component_table('root_' ~ round ~ '_' ~ jump) -%}
        {%- do create_component_table(jumped, "select child.node, parent.root, child.root <> parent.root as is_moved from "
            ~ work.root ~ " as child inner join " ~ work.root ~ " as parent on child.root = parent.node") -%}
        {%- set work.moved = run_query("select count(*) from " ~ jumped ~ " where is_moved").rows[0][0] -%}
        {%- do run_query("drop table " ~ work.root) -%}
        {%- set work.root = jumped -%}
    {%- endfor -%}
    {{ return(work.root) }}
{%- endmacro %}
