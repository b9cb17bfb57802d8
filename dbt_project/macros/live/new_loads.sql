{#- In a model of the materialization incremental_by_load: true for the rows of loads that its table does not have yet. In a
    full build it is true for every row.
    where {{ new_loads('event.load_id', 'app') }} -#}
{% macro new_loads(load_id, source_name) %}
    {%- if is_live() and execute -%}
        {{ load_id }} > '{{ load_mark(this.identifier) }}' and {{ load_id }} <= '{{ last_load(source_name) }}'
    {%- else -%}
        true
    {%- endif -%}
{% endmacro %}

{#- The last load of a source whose counts are there: rows of a later one belong to a load that was interrupted. Its audit is
    asked by name: how far loading has come is no data of the model. -#}
{% macro last_load(source_name) %}
    {{ return(run_query("select coalesce(max(_dlt_load_id), '') from raw_" ~ source_name ~ ".load_audit").rows[0][0]) }}
{% endmacro %}
