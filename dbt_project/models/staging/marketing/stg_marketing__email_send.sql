select
    send_id,
    {{ clean_text('campaign_id') }} as campaign_id,
    {{ clean_text('subscriber_id') }} as subscriber_id,
    {{ read_instant('sent_at') }} as sent_at,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'email_send') }}
