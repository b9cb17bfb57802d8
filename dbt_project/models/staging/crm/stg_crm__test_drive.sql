select
    test_drive_id,
    {{ clean_text('visit_id') }} as visit_id,
    {{ clean_text('appointment_id') }} as appointment_id,
    {{ clean_text('card_id') }} as card_id,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('advisor_id') }} as advisor_id,
    {{ clean_text('series_code') }} as series_code,
    {{ read_instant('driven_at') }} as driven_at,
    score,
    {{ read_instant('updated_at') }} as updated_at,
    {{ clean_text('deleted_at') }} is not null as is_deleted
from {{ source('crm', 'test_drive') }}
