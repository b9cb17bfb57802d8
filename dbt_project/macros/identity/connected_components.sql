{#- Connected components in plain SQL, for engines where a Python model is not at hand: CREATE TABLE AS and joins, never a
    recursive query (its rounds grow with the longest chain; these grow with the logarithm of the nodes). Same answer as
    `identity.clustering.components`. In each round every node hooks on to its smallest neighbour, pointers jump until
    all point at a root, and the edges between roots go into the next round.
    A model: {{ config(post_hook="{{ drop_component_tables() }}") }}
    {{ connected_components(ref('id_edge_candidate'), 'record_no', 'other_record_no', ref('id_record'), 'record_no') }}
    gives one row for each node: node, component (its smallest node). `left`, `right`: the ends of an edge, not null. -#}
{% macro connected_components(edges, left, right, nodes, node) -%}
    {{ return(adapter.dispatch('connected_components', 'forecourt')(edges, left, right, nodes, node)) }}
{%- endmacro %}

{% macro default__connected_components(edges, left, right, nodes, node) -%}
    {%- set work = namespace(edge=component_table('edge_0'), roots=[]) -%}
    {%- if execute -%}
        {%- do create_component_table(work.edge, "select " ~ left ~ " as node, " ~ right ~ " as other from " ~ edges
            ~ " where " ~ left ~ " <> " ~ right ~ " union all select " ~ right ~ ", " ~ left ~ " from " ~ edges
            ~ " where " ~ left ~ " <> " ~ right) -%}
        {%- for round in range(1, 65) if work.edge is not none -%}
            {%- set root = component_roots(work.edge, round) -%}
            {%- do work.roots.append(root) -%}
            {%- set next_edge = component_table('edge_' ~ round) -%}
            {%- do create_component_table(next_edge, "select distinct one.root as node, two.root as other from "
                ~ work.edge ~ " as edge inner join " ~ root ~ " as one on edge.node = one.node inner join " ~ root
                ~ " as two on edge.other = two.node where one.root <> two.root") -%}
            {%- do run_query("drop table " ~ work.edge) -%}
            {%- set is_open = run_query("select count(*) from " ~ next_edge).rows[0][0] > 0 -%}
            {%- set work.edge = next_edge if is_open else none -%}
        {%- endfor -%}
    {%- endif -%}
    select
        member.{{ node }} as node,
        coalesce({% for root in work.roots | reverse %}round_{{ loop.revindex }}.root, {% endfor %}member.{{ node }})
            as component
    from {{ nodes }} as member
    {% for root in work.roots -%}
        {%- set known = 'member.' ~ node if loop.first else 'round_' ~ loop.index0 ~ '.root' -%}
        left join {{ root }} as round_{{ loop.index }} on {{ known }} = round_{{ loop.index }}.node
    {% endfor -%}
{%- endmacro %}
