-- What a sender wrote stays in the warehouse. In a database the position is the row's key, maybe a VIN or an e-mail;
-- names of columns and events that no contract knows are the sender's own, and the loader's sentence quotes them.
with rejected as (
    select
        *,
        case when reason_code not in ('column_name', 'encoding') then nullif(path, '') end as contract_path,
        case when source in ('app', 'marketing', 'market') then position end as file_position
    from {{ ref('fct_rejected_row') }}
)

select
    rejected_id,
    source,
    entity,
    schema_version,
    reason_code,
    reason_code || ' fails' || coalesce(' at ' || contract_path, '') as reason,
    contract_path as path,
    file_position as position,
    rejected_at,
    attempts,
    status,
    replayed_at
from rejected
