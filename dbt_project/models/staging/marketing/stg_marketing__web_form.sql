select
    form_id,
    {{ clean_text('subscriber_id') }} as subscriber_id,
    {{ clean_text('campaign_id') }} as campaign_id,
    {{ clean_text('device_id') }} as device_key,
    {{ clean_text('full_name') }} as full_name,
    {{ given_name_of('full_name') }} as given_name,
    {{ family_name_of('full_name') }} as family_name,
    {{ clean_email('email') }} as email,
    {{ phone_digits('phone') }} as phone_digits,
    {{ clean_postal_code('postal_code') }} as postal_code,
    {{ clean_text('crm_lead_id') }} as lead_id,
    {{ read_instant('submitted_at') }} as submitted_at,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'web_form') }}
