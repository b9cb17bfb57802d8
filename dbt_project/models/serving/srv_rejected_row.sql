select
    rejected_id,
    source,
    entity,
    schema_version,
    reason_code,
    -- the validator's own sentence quotes the value: this one says as much without it
    reason_code || ' fails' || coalesce(' at ' || nullif(path, ''), '') as reason,
    path,
    position,
    rejected_at,
    attempts,
    status,
    replayed_at
from {{ ref('fct_rejected_row') }}
