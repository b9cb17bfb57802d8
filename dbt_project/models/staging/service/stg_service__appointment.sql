select
    appointment_no,
    customer_no,
    {{ clean_vin('vin') }} as vin,
    {{ clean_text('dealer_code') }} as dealer_id,
    {{ read_local_instant('booked_at') }} as booked_at,
    {{ read_local_instant('scheduled_for') }} as scheduled_at,
    {{ clean_text('channel') }} as channel,
    {{ clean_text('status') }} as status,
    {{ read_flag('voided') }} as is_deleted,
    change_seq
from {{ source('service', 'appointment') }}
