select
    complaint_no,
    {{ clean_text('kind') }} as kind,
    customer_no,
    {{ clean_text('crm_card_id') }} as card_id,
    {{ clean_text('dealer_code') }} as dealer_id,
    {{ read_local_instant('opened_at') }} as opened_at,
    {{ read_local_instant('closed_at') }} as closed_at,
    {{ read_flag('voided') }} as is_deleted,
    change_seq
from {{ source('service', 'complaint') }}
