{#- One row for each day whose fingerprint is not the one that a table was last written with: days that are new, differ or
    have gone. `was_published`: the day was over, and inside what the data covered, when the table was last written; a
    change of it is a restatement. The last day of the data is still running: that it grows restates nothing. The vars
    `backfill_from` and `backfill_to` (dates) name days that are rewritten in any case.
    {{ changed_day('ind_visit_1d', fingerprint_now, definition) }} -#}
{% macro changed_day(table_name, fingerprint_now, definition) %}
    with stood as (
        select * from indicator_state.day_fingerprint where table_name = '{{ table_name }}'
    ),

    covered as (  -- a day after the build is a slip of the keyboard and ends no data
        select
            min(stat_date) as first_on,
            max(stat_date) filter (where stat_date <= cast(written_at as date)) as last_on,
            max(written_at) as written_at
        from stood
    )

    select
        coalesce(now.stat_date, stood.stat_date) as stat_date,
        coalesce(now.row_cnt, 0) as row_cnt,
        coalesce(stood.row_cnt, 0) as stood_row_cnt,
        now.key_hash is distinct from stood.key_hash as has_other_rows,
        now.row_hash is distinct from stood.row_hash as has_other_values,
        now.person_hash is distinct from stood.person_hash as has_other_people,
        coalesce(stood.definition <> '{{ definition }}', false) as has_other_definition,
        coalesce(
            coalesce(now.stat_date, stood.stat_date) >= covered.first_on
            and coalesce(now.stat_date, stood.stat_date) < covered.last_on,
            false
        ) as was_published,
        covered.last_on as published_until,
        covered.written_at as published_at
    from {{ fingerprint_now }} as now
    full join stood on now.stat_date = stood.stat_date
    cross join covered
    where
        now.row_cnt is distinct from stood.row_cnt
        or now.key_hash is distinct from stood.key_hash
        or now.row_hash is distinct from stood.row_hash
        or now.person_hash is distinct from stood.person_hash
        or stood.definition <> '{{ definition }}'
        {% if var('backfill_from', none) is not none %}
            or coalesce(now.stat_date, stood.stat_date)
            between date '{{ var("backfill_from") }}' and date '{{ var("backfill_to") }}'
        {% endif %}
{% endmacro %}
