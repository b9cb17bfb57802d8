{#- A table of rows that never change once they came, such as events. In the live lane the rows of new loads are added, at
    a cost that follows the batch; any other build makes the table anew beside the old one, so whatever else changed (who
    somebody is, a seed, the model) is in it. Config `loads_of` names the source; the model filters by new_loads()
    and has a column load_id. Rows and mark are written in one transaction.
    {{ config(materialized='incremental_by_load', loads_of='app') }} -#}
{% materialization incremental_by_load, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set rebuilt = make_intermediate_relation(target) -%}
    {%- set last = last_load(config.require('loads_of')) -%}

    {% if is_live() and existing is not none and existing.is_table %}
        {{ run_hooks(pre_hooks) }}
        {% call statement('main') %}
            insert into {{ target }} by name select * from ({{ sql }}) as added;
            {{ move_load_mark(this.identifier, "'" ~ last ~ "'") }}
        {% endcall %}
        {{ run_hooks(post_hooks) }}
        {% do adapter.commit() %}
        {{ return({'relations': [target]}) }}
    {% endif %}

    {{ drop_relation_if_exists(load_cached_relation(rebuilt)) }}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') %}
        {{ create_table_as(False, rebuilt, sql) }};
        {#- A load that was interrupted may have left rows above the last one that was counted: they are in the table. -#}
        {{ move_load_mark(this.identifier, "greatest('" ~ last ~ "', (select max(load_id) from " ~ rebuilt ~ "))") }}
    {% endcall %}
    {{ drop_relation_if_exists(existing) }}
    {% do adapter.rename_relation(rebuilt, target) %}
    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target, model) %}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
