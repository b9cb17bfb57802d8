{{ config(enabled=not reads_file()) }}

with car_use as (
    select account_key, {{ clean_vin(json_text('properties', 'vin')) }} as vin, occurred_at
    from {{ ref('stg_app__event') }}
    where event_name in ('vehicle_bound', 'trip_completed', 'service_booked') and account_key is not null
)

select
    account_key,
    vin,
    min(occurred_at) as first_used_at,
    max(occurred_at) as last_used_at
from car_use
where vin is not null
group by account_key, vin
