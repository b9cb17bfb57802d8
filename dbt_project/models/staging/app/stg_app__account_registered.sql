select
    event_id,
    account_key,
    device_key,
    {{ json_text('properties', 'full_name') }} as full_name,
    {{ given_name_of(json_text('properties', 'full_name')) }} as given_name,
    {{ family_name_of(json_text('properties', 'full_name')) }} as family_name,
    {{ clean_email(json_text('properties', 'email')) }} as email,
    {{ phone_digits(json_text('properties', 'phone')) }} as phone_digits,
    {{ json_text('properties', 'channel') }} as channel,
    {{ json_text('properties', 'campaign_id') }} as campaign_id,
    occurred_at
from {{ ref('stg_app__event') }}
where event_name = 'account_registered'
