select
    referral_id,
    {{ clean_text('referrer_card_id') }} as referrer_card_id,
    {{ clean_text('lead_id') }} as lead_id,
    {{ read_instant('created_at') }} as created_at,
    {{ read_instant('updated_at') }} as updated_at,
    {{ clean_text('deleted_at') }} is not null as is_deleted
from {{ source('crm', 'referral') }}
