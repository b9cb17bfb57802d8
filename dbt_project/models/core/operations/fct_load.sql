select
    run_id, source, entity, started_at, finished_at, {{ business_day('started_at') }} as started_on,
    read_cnt, loaded_cnt, rejected_cnt, repeated_cnt, is_balanced
from {{ ref('stg_load__audit') }}
