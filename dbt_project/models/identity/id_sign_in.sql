{{ config(enabled=not reads_file()) }}

-- One pass over the events for all that OneID needs of them.
select
    account_key,
    device_key,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at,
    count(*) as event_cnt
from {{ ref('stg_app__event') }}
where account_key is not null or device_key is not null
group by account_key, device_key
