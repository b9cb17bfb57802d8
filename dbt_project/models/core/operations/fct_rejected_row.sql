select
    rejected_id, source, entity, schema_version, reason_code, reason, path, position, byte_cnt,
    rejected_at, {{ business_day('rejected_at') }} as rejected_on, attempts, status, replayed_at
from {{ ref('stg_load__rejected_row') }}
