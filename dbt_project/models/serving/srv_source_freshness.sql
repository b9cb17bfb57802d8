with ranked as (
    select
        *,
        row_number() over (partition by source, entity order by finished_at desc, run_id desc) as recency
    from {{ ref('fct_load') }}
)

select
    source,
    entity,
    finished_at as last_loaded_at,
    read_cnt,
    loaded_cnt,
    rejected_cnt,
    repeated_cnt,
    is_balanced
from ranked
where recency = 1
