-- A large load goes in parts that share the run's id up to the dot: they are one load to a reader.
with runs as (
    select
        source,
        entity,
        split_part(run_id, '.', 1) as load_run_id,
        max(finished_at) as last_loaded_at,
        cast(sum(read_cnt) as bigint) as read_cnt,
        cast(sum(loaded_cnt) as bigint) as loaded_cnt,
        cast(sum(rejected_cnt) as bigint) as rejected_cnt,
        cast(sum(repeated_cnt) as bigint) as repeated_cnt,
        bool_and(is_balanced) as is_balanced
    from {{ ref('fct_load') }}
    where run_id not like 'replay-%'  -- rows that were rejected before, tried again: nothing was read from the source
    group by source, entity, load_run_id
),

ranked as (
    select
        *,
        row_number() over (partition by source, entity order by last_loaded_at desc, load_run_id desc) as recency
    from runs
)

select
    source,
    entity,
    last_loaded_at,
    read_cnt,
    loaded_cnt,
    rejected_cnt,
    repeated_cnt,
    is_balanced
from ranked
where recency = 1
