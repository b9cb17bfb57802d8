{#- One table of every source system, one under the other.  {{ union_sources('load_audit', 'run_id, source, entity') }} -#}
{% macro union_sources(table, columns) -%}
    {%- for source_name in ['crm', 'service', 'app', 'marketing', 'market'] %}
select {{ columns }} from {{ source(source_name, table) }}
{{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
