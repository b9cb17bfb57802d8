select
    recall_no,
    {{ clean_text('recall_code') }} as recall_code,
    {{ clean_vin('vin') }} as vin,
    {{ clean_text('dealer_code') }} as dealer_id,
    {{ read_german_date('announced_on') }} as announced_on,
    {{ read_german_date('done_on') }} as done_on,
    {{ read_flag('voided') }} as is_deleted,
    change_seq
from {{ source('service', 'recall_vehicle') }}
