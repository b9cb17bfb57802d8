-- Starts and ends as they came: an end may be missing or arrive without its start. Core pairs them.
select
    event_id,
    event_name = 'app_session_ended' as is_end,
    session_id,
    account_key,
    device_key,
    {{ read_integer(json_text('properties', 'duration_s')) }} as duration_s,
    {{ json_text('properties', 'os') }} as os,
    {{ json_text('properties', 'app_version') }} as app_version,
    occurred_at
from {{ ref('stg_app__event') }}
where event_name in ('app_session_started', 'app_session_ended')
