{#- A table with one or more rows for each day, rewritten by whole days: those whose fact is not what it was when the table
    was last written (late, corrected, deleted rows; people merged or split), and all of them when the model's definition has
    changed, at the first build and with --full-refresh. The model is a plain select over all days with a column `stat_date`;
    no `is_incremental()` is needed. Rows, fingerprints and the log of restatements are written in one transaction: a build
    that is killed leaves all three as they were, and the next one finds the same days. In the live lane a table whose fact is
    incremental_by_load takes in the new rows instead (macros/live/add_rows.sql): what it then holds, fingerprints
    included, is what the days' rewriting would give.

    models:
      - name: ind_visit_1d
        config:
          materialized: incremental_by_day
          meta:
            reads: {model: fct_visit, day: arrived_on, key: [visit_id], columns: [dealer_id, channel], person: one_id}
            dims: [dealer_id, channel]
            measures: [{code: visit_cnt, of: count}]
-#}
{% materialization incremental_by_day, adapter='duckdb' %}
    {%- set meta = config.get('meta') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set rebuilt = make_intermediate_relation(target) -%}
    {%- set definition = local_md5(model.raw_code) -%}
    {%- set now, changed, fresh = ('"%s__now"' % this.identifier, '"%s__changed"' % this.identifier, '"%s__fresh"' % this.identifier) -%}
    {%- set added = ('"%s__added"' % this.identifier) -%}
    {{ drop_relation_if_exists(load_cached_relation(rebuilt)) }}

    {%- set mark = added_since(meta, definition) -%}
    {%- set found = find_changed_days(meta.reads, definition, now, changed, mark) -%}
    {%- set is_new = existing is none or not existing.is_table -%}
    {%- set is_rebuild = is_new or should_full_refresh() or found.known_cnt == 0 or found.has_other_definition -%}
    {% if not is_rebuild and not found.days %}
        {% call noop_statement('main', 'NO DAY CHANGED') %}{% endcall %}
        {{ return({'relations': [target]}) }}
    {% endif %}
    {% if mark is not none and not is_rebuild %}
        {% call statement('main') %}
            {{ add_rows(meta, target, added, changed, found, mark) }}
            {{ remember_days(definition, now, changed, false) }}
        {% endcall %}
        {% do adapter.commit() %}
        {{ return({'relations': [target]}) }}
    {% endif %}

    {% if is_rebuild %}
        {% do run_query(create_table_as(False, rebuilt, in_order_of_days(sql))) %}
    {% endif %}
    {% call statement('main') %}
        {% if not is_rebuild %}
            create or replace temp table {{ fresh }} as
            select * from ({{ sql }}) as cube where stat_date in ({{ found.days }});
        {% endif %}
        {% if found.published_cnt and not is_new %}
            {{ log_restatements(meta, existing, rebuilt if is_rebuild else fresh, changed, found.has_other_definition) }}
        {% endif %}
        {% if not is_rebuild %}
            delete from {{ target }} where stat_date in ({{ found.days }});
            insert into {{ target }} by name select * from {{ fresh }};
        {% endif %}
        {{ remember_days(definition, now, changed, is_rebuild) }}
    {% endcall %}
    {% if is_rebuild %}
        {{ drop_relation_if_exists(existing) }}
        {% do adapter.rename_relation(rebuilt, target) %}
        {% do persist_docs(target, model) %}
    {% endif %}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- Fills the temporary tables `now` (day_fingerprint) and `changed` (changed_day), and sums them up:
      days                  the changed days as literals, which the optimizer carries down to the scan of the fact
      published_cnt         how many of them were published before
      has_other_definition  was the table written by another definition?
      known_cnt             days that the table was written with; 0 for a table that is new or kept no fingerprints -#}
{% macro find_changed_days(reads, definition, now, changed, mark) %}
    {%- set query -%}
        create or replace temp table {{ now }} as
        {{ day_fingerprint(reads) if mark is none else added_fingerprint(reads, mark) }};
        create or replace temp table {{ changed }} as {{ changed_day(this.identifier, now, definition) }};
        select
            coalesce(string_agg('date ''' || stat_date || '''', ', ' order by stat_date), '') as days,
            count(*) filter (where was_published) as published_cnt,
            coalesce(bool_or(has_other_definition), false) as has_other_definition,
            (select count(*) from indicator_state.day_fingerprint where table_name = '{{ this.identifier }}') as known_cnt
        from {{ changed }}
    {%- endset -%}
    {{ return(run_query(query).rows[0]) }}
{% endmacro %}

{#- A day's rows lie together, so that a query on few days reads little. -#}
{% macro in_order_of_days(sql) %}
    select * from ({{ sql }}) as cube order by stat_date
{% endmacro %}

{#- What was published and is now another value, for the indicators that the table held before as well. -#}
{% macro log_restatements(meta, before, after, changed, has_other_definition) %}
    {%- set measures, dims = (meta.get('measures', []), meta.dims) -%}
    {% if has_other_definition %}
        {%- set held = adapter.get_columns_in_relation(before) | map(attribute='name') | list -%}
        {%- set measures, dims = (held_measures(measures, held), dims | select('in', held) | list) -%}
    {% endif %}
    {% if measures %}
        insert into indicator_state.restatement
        select
            '{{ this.identifier }}' as table_name,
            indicator_code,
            stat_date,
            value_before,
            value_after,
            cause,
            published_at,
            cast('{{ run_started_at }}' as timestamp with time zone) as restated_at,
            '{{ invocation_id }}' as invocation_id
        from ({{ restated_value(measures, dims, meta.reads.get('people'), before, after, changed) }});
    {% endif %}
{% endmacro %}

{% macro held_measures(measures, columns) %}
    {%- set found = [] -%}
    {%- for measure in measures -%}
        {%- set key = 'person_no' if measure.of in ('distinct', 'distinct_days') else measure.code -%}
        {%- if 'indicator_code' in columns or (measure.code in columns and key in columns) %}{% do found.append(measure) %}{% endif -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{% macro remember_days(definition, now, changed, is_rebuild) %}
    {%- set of_table = "table_name = '" ~ this.identifier ~ "'" -%}
    {%- set of_days = "stat_date in (select stat_date from " ~ changed ~ ")" -%}
    delete from indicator_state.day_fingerprint where {{ of_table }}{% if not is_rebuild %} and {{ of_days }}{% endif %};
    insert into indicator_state.day_fingerprint
    select
        '{{ this.identifier }}', stat_date, row_cnt, key_hash, row_hash, person_hash, '{{ definition }}',
        cast('{{ run_started_at }}' as timestamp with time zone)
    from {{ now }}
    {% if not is_rebuild %}where {{ of_days }}{% endif %};
    {{ follow_loads(model.config.meta.reads.model) }}
{% endmacro %}
