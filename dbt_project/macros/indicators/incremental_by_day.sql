{#- A table with one or more rows for each day, rewritten by whole days: those whose fact is not what it was when the table
    was last written (late, corrected, deleted rows; people merged or split), and all of them when the model's definition has
    changed, at the first build and with --full-refresh. The model is a plain select over all days with a column `stat_date`;
    no `is_incremental()` is needed. Rows, fingerprints and the log of restatements are written in one transaction: a build
    that is killed leaves all three as they were, and the next one finds the same days.

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
    {%- set fingerprint_now, changed, fresh = (
        '"' ~ this.identifier ~ '__fingerprint"', '"' ~ this.identifier ~ '__changed"', '"' ~ this.identifier ~ '__fresh"'
    ) -%}

    {{ drop_relation_if_exists(load_cached_relation(rebuilt)) }}
    {% do run_query('create or replace temp table ' ~ fingerprint_now ~ ' as ' ~ day_fingerprint(meta.reads)) %}
    {% do run_query('create or replace temp table ' ~ changed ~ ' as ' ~ changed_day(this.identifier, fingerprint_now, definition)) %}

    {%- set is_new = existing is none or not existing.is_table -%}
    {%- set is_rebuild = is_new or should_full_refresh() or must_be_rebuilt(this.identifier, definition) -%}
    {%- set days = [] if is_rebuild else days_of(changed) -%}
    {% if is_rebuild %}
        {% do run_query(create_table_as(False, rebuilt, in_order_of_days(sql))) %}
    {% elif days %}
        {%- set of_days = "select * from (" ~ sql ~ ") as cube where stat_date in (date '" ~ days | join("', date '") ~ "')" -%}
        {% do run_query('create or replace temp table ' ~ fresh ~ ' as ' ~ of_days) %}
    {% endif %}

    {% if is_rebuild or days %}
        {% call statement('main') %}
            {% if not is_new %}{{ log_restatements(meta, existing, rebuilt if is_rebuild else fresh, changed) }}{% endif %}
            {% if days %}
                delete from {{ target }} where stat_date in (select stat_date from {{ changed }});
                insert into {{ target }} by name select * from {{ fresh }};
            {% endif %}
            {{ remember_days(this.identifier, fingerprint_now, changed, definition, is_rebuild) }}
        {% endcall %}
    {% else %}
        {% call noop_statement('main', 'no day has changed') %}{% endcall %}
    {% endif %}
    {% if is_rebuild %}
        {{ drop_relation_if_exists(existing) }}
        {% do adapter.rename_relation(rebuilt, target) %}
    {% endif %}
    {% if is_rebuild or days %}
        {% do persist_docs(target, model) %}
        {% do adapter.commit() %}
    {% endif %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A day's rows lie together, so that a query on few days reads little. -#}
{% macro in_order_of_days(sql) %}
    select * from ({{ sql }}) as cube order by stat_date
{% endmacro %}

{#- True where the table was written by another definition, or by a build that kept no fingerprints. -#}
{% macro must_be_rebuilt(table_name, definition) %}
    {%- set stood = run_query(
        "select count(*) filter (where definition = '" ~ definition ~ "'), count(*) from indicator_state.day_fingerprint "
        "where table_name = '" ~ table_name ~ "'"
    ).rows[0] -%}
    {{ return(stood[1] == 0 or stood[0] < stood[1]) }}
{% endmacro %}

{#- The changed days as literals, which the optimizer carries down to the scan of the fact. -#}
{% macro days_of(changed) %}
    {{ return(run_query('select cast(stat_date as varchar) from ' ~ changed ~ ' order by stat_date').columns[0].values() | list) }}
{% endmacro %}

{#- What was published and is now another value, for the indicators that the table held before. -#}
{% macro log_restatements(meta, before, after, changed) %}
    {%- set held = adapter.get_columns_in_relation(before) | map(attribute='name') | list -%}
    {%- set measures = [] -%}
    {%- for measure in meta.get('measures', []) -%}
        {%- set key = {'distinct': 'person_no', 'distinct_days': 'person_no'}.get(measure.of, measure.code) -%}
        {%- if 'indicator_code' in held or (measure.code in held and key in held) %}{% do measures.append(measure) %}{% endif -%}
    {%- endfor -%}
    {%- set dims = meta.dims | select('in', held) | list -%}
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
    from ({{ restated_value(measures, dims, before, after, changed) }});
    {% endif %}
{% endmacro %}

{% macro remember_days(table_name, fingerprint_now, changed, definition, is_rebuild) %}
    delete from indicator_state.day_fingerprint
    where
        table_name = '{{ table_name }}'
        {% if not is_rebuild %}and stat_date in (select stat_date from {{ changed }}){% endif %};
    insert into indicator_state.day_fingerprint
    select
        '{{ table_name }}', stat_date, row_cnt, key_hash, row_hash, person_hash, '{{ definition }}',
        cast('{{ run_started_at }}' as timestamp with time zone)
    from {{ fingerprint_now }}
    {% if not is_rebuild %}where stat_date in (select stat_date from {{ changed }}){% endif %}
{% endmacro %}
