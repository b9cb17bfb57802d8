-- A log with a row for each build, compared with the last build whose figures were believed: one that jumped is no
-- measure for the next until a steward accepts it (`forecourt identity accept`).
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='append_new_columns'
) }}
-- depends_on: {{ ref('id_accepted_jump') }}

with record as (
    select map.one_id, record.record_no, record.source, record.entity
    from {{ ref('id_map') }} as map
    inner join {{ ref('id_record') }} as record on map.record_key = record.record_key
    where not record.is_test and record.entity <> 'device'
),

person as (
    select one_id, count(*) as record_cnt, count(distinct source) as source_cnt, count(distinct entity) as entity_cnt
    from record
    group by one_id
),

people as (
    select
        cast(sum(record_cnt) as bigint) as record_cnt,
        count(*) as person_cnt,
        cast(coalesce(sum(record_cnt) filter (where source_cnt >= 2), 0) as bigint) as unified_record_cnt,
        cast(sum(record_cnt - entity_cnt) as bigint) as duplicate_cnt,
        max(record_cnt) as largest_person_cnt
    from person
),

evidence as (
    select
        count(*) filter (where drop_reason = 'contradiction') as conflict_cnt,
        count(*) filter (where tier = 'deterministic' and drop_reason <> 'contradiction') as guarded_cnt,
        count(match_weight) as scored_cnt,
        count(*) filter (where abs(match_weight) < {{ var('id_review_weight', 6) }}) as open_cnt,
        cast(round(coalesce(sum(100 * match_weight) filter (where is_kept), 0)) as bigint) as kept_weight_centibits,
        count(match_weight) filter (where is_kept) as kept_scored_cnt
    from {{ ref('id_edge') }}
),

build as (
    select
        cast('{{ run_started_at }}' as timestamp with time zone) as built_at,
        people.*,
        evidence.*,
        (select count(*) from {{ ref('id_review_queue') }}) as review_cnt,
        (select max(trained_at) from {{ ref('id_match_model') }}) as model_trained_at
    from people
    cross join evidence
),

believed as (
    {% if is_incremental() %}
        select *
        from {{ this }}
        where
            jump is null
            or built_at <= (select max(decided_at) from {{ ref('id_accepted_jump') }})
        qualify row_number() over (order by built_at desc) = 1
    {% else %}
        select *, cast(null as varchar) as jump from build where false
    {% endif %}
)

select
    build.*,
    nullif(concat_ws(
        ', ',
        {{ jump('unification rate', 'unified_record_cnt', 'record_cnt', difference=0.05) }},
        {{ jump('records for each person', 'record_cnt', 'person_cnt', ratio=1.1) }},
        {{ jump('duplicates', 'duplicate_cnt', 'record_cnt', ratio=1.5) }},
        {{ jump('contradictions', 'conflict_cnt', 'record_cnt', ratio=3, at_least=50) }},
        {{ jump('evidence stopped by guards', 'guarded_cnt', 'record_cnt', ratio=3, at_least=200) }},
        case
            when build.model_trained_at = believed.model_trained_at  -- another model weighs otherwise
                then {{ jump('mean match weight', 'kept_weight_centibits', 'kept_scored_cnt', ratio=1.5) }}
        end,
        {{ jump('largest person', 'largest_person_cnt', '1', ratio=2, at_least=10) }}
    ), '') as jump
from build
left join believed on believed.record_cnt >= 1000  -- on fewer records a day's work looks like a jump
