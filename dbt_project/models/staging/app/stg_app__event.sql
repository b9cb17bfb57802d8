select
    message_id as event_id,
    event as event_name,
    {{ clean_text('user_id') }} as account_key,
    {{ clean_text('anonymous_id') }} as device_key,
    {{ json_text('properties', 'session_id') }} as session_id,
    {{ read_instant('"timestamp"') }} as occurred_at,
    {{ read_instant('received_at') }} as received_at,
    context,
    properties,
    _dlt_load_id as load_id
from {{ source('app', 'event') }}
where type = 'track'
