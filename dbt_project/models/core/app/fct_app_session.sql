with session as (
    select
        session_id,
        arg_min(account_key, occurred_at) filter (where account_key is not null) as account_key,
        arg_min(device_key, occurred_at) filter (where device_key is not null) as device_key,
        min(occurred_at) as started_at,
        max(occurred_at) filter (where is_end) as ended_at,
        max(duration_s) as duration_s,
        max(os) as os,
        max(app_version) as app_version
    from {{ ref('stg_app__session') }}
    where session_id is not null
    group by session_id
)

select
    session.session_id,
    coalesce(account.one_id, device.one_id) as one_id,
    session.account_key,
    session.device_key,
    session.os,
    session.app_version,
    session.started_at,
    {{ business_day('session.started_at') }} as started_on,
    session.ended_at,
    session.duration_s
from session
left join {{ ref('id_map') }} as account
    on session.account_key = account.source_key and account.source = 'app' and account.entity = 'account'
left join {{ ref('id_map') }} as device
    on session.device_key = device.source_key and device.source = 'app' and device.entity = 'device'
