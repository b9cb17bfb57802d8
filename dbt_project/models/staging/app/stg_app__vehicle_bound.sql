select
    event_id,
    account_key,
    device_key,
    {{ clean_vin(json_text('properties', 'vin')) }} as vin,
    occurred_at
from {{ ref('stg_app__event') }}
where event_name = 'vehicle_bound'
