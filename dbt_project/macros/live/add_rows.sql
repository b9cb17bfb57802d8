{#- The live lane of incremental_by_day: a table takes in the rows that its fact got, and does not look at the others. Counts
    and sums add up, a person's flag of a day is set once; the sums of hashes that make a day's fingerprint add up too. So
    the next full build compares its own fingerprints with these, and finds nothing to do where both agree. -#}

{#- The load up to which the table has taken over its fact; none where it has to be compared as a whole: outside the live
    lane, for a fact whose rows may change, for measures that do not add up, and for a table of another definition. -#}
{% macro added_since(meta, definition) %}
    {%- if not is_live() or not reads_loads(meta.reads.model) or meta.reads.get('present') %}{{ return(none) }}{% endif -%}
    {%- for measure in meta.get('measures', []) if measure.of not in ('count', 'sum', 'distinct', 'distinct_days') -%}
        {{ return(none) }}
    {%- endfor -%}
    {%- set query -%}
        select mark.load_id from indicator_state.load_mark as mark
        where
            mark.table_name = '{{ this.identifier }}'
            and exists(
                select 1 from indicator_state.day_fingerprint as day
                where day.table_name = mark.table_name and day.definition = '{{ definition }}'
            )
    {%- endset -%}
    {%- set found = run_query(query).rows -%}
    {{ return(found[0][0] if found | length else none) }}
{% endmacro %}

{#- Is it a fact of the materialization incremental_by_load? -#}
{% macro reads_loads(name) %}
    {%- for node in graph.nodes.values() if node.name == name and node.resource_type == 'model' -%}
        {{ return(node.config.materialized == 'incremental_by_load') }}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}

{#- day_fingerprint() of all days: as they were remembered, and with what the new rows add. -#}
{% macro added_fingerprint(reads, mark) %}
    select
        stat_date,
        cast(sum(row_cnt) as bigint) as row_cnt,
        sum(key_hash) as key_hash,
        sum(row_hash) as row_hash,
        sum(person_hash) as person_hash
    from (
        select stat_date, row_cnt, key_hash, row_hash, person_hash from indicator_state.day_fingerprint
        where table_name = '{{ this.identifier }}'
        union all
        {{ day_fingerprint(reads, mark) }}
    ) as summed
    group by stat_date
{% endmacro %}

{#- `added` becomes the table as it would be of the new rows alone; the rows of `target` with its keys are replaced by both
    together. Whatever was published of these days is compared and logged, as everywhere. -#}
{% macro add_rows(meta, target, added, changed, found, mark) %}
    {%- set fact = ref(meta.reads.model) -%}
    {%- set news = "(select * from " ~ fact ~ " where load_id > '" ~ mark ~ "')" -%}
    {%- set is_people = meta.measures[0].of in ('distinct', 'distinct_days') -%}
    {%- set keys = ['stat_date'] + meta.dims + (['person_no'] if is_people else []) -%}
    {%- set before, both = added | replace('__added', '__before'), added | replace('__added', '__both') -%}
    {%- set same = [] -%}
    {%- for key in keys %}{% do same.append('here.' ~ key ~ ' is not distinct from there.' ~ key) %}{% endfor -%}
    create or replace temp table {{ added }} as {{ sql | replace(fact | string, news) }};
    {% if found.published_cnt %}
        create or replace temp table {{ before }} as select * from {{ target }} where stat_date in ({{ found.days }});
    {% endif %}
    create or replace temp table {{ both }} as
    select
        {{ keys | join(', ') }},
        {% for measure in meta.measures %}
            {{ 'bool_or' if is_people else 'sum' }}({{ measure.code }}) as {{ measure.code }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select here.* from {{ target }} as here
        semi join {{ added }} as there on {{ same | join(' and ') }}
        where here.stat_date in ({{ found.days }})
        union all by name
        select * from {{ added }}
    ) as summed
    group by {{ keys | join(', ') }};
    delete from {{ target }} as here using {{ added }} as there
    where here.stat_date in ({{ found.days }}) and {{ same | join(' and ') }};
    insert into {{ target }} by name select * from {{ both }};
    {% if found.published_cnt %}{{ log_restatements(meta, before, target, changed, false) }}{% endif %}
{% endmacro %}

{#- After a table was written: it has of its fact what the fact has of its source. -#}
{% macro follow_loads(fact) %}
    {% if reads_loads(fact) %}
        delete from indicator_state.load_mark where table_name = '{{ this.identifier }}';
        insert into indicator_state.load_mark
        select '{{ this.identifier }}' as table_name, load_id
        from indicator_state.load_mark where table_name = '{{ fact }}'
    {% endif %}
{% endmacro %}
