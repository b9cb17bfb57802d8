select
    email_event_id,
    {{ clean_text('send_id') }} as send_id,
    {{ clean_text('kind') }} as kind,
    {{ read_instant('occurred_at') }} as occurred_at,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'email_event') }}
