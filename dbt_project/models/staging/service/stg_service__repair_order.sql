select
    order_no,
    appointment_no,
    {{ clean_text('dealer_code') }} as dealer_id,
    customer_no,
    {{ clean_vin('vin') }} as vin,
    {{ clean_text('kind') }} as kind,
    {{ read_local_instant('opened_at') }} as opened_at,
    {{ read_local_instant('closed_at') }} as closed_at,
    mileage_km,
    cast(labour_amt as decimal(14, 2)) as labour_amt,
    cast(parts_amt as decimal(14, 2)) as parts_amt,
    cast(cost_amt as decimal(14, 2)) as cost_amt,
    {{ read_flag('voided') }} as is_deleted,
    change_seq
from {{ source('service', 'repair_order') }}
