select
    subscriber_id,
    {{ clean_email('email') }} as email,
    {{ clean_text('given_name') }} as given_name,
    {{ clean_text('family_name') }} as family_name,
    {{ phone_digits('phone') }} as phone_digits,
    {{ clean_postal_code('postal_code') }} as postal_code,
    {{ read_instant('subscribed_at') }} as subscribed_at,
    {{ read_instant('unsubscribed_at') }} as unsubscribed_at,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'subscriber') }}
