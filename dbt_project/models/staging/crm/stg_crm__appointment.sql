select
    appointment_id,
    {{ clean_text('card_id') }} as card_id,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('advisor_id') }} as advisor_id,
    {{ clean_text('series_code') }} as series_code,
    {{ clean_text('kind') }} as kind,
    {{ read_instant('scheduled_at') }} as scheduled_at,
    {{ read_flag('shown') }} as is_shown,
    {{ read_instant('created_at') }} as created_at,
    {{ read_instant('updated_at') }} as updated_at,
    {{ clean_text('deleted_at') }} is not null as is_deleted
from {{ source('crm', 'appointment') }}
