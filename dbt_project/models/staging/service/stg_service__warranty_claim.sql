select
    claim_no,
    order_no,
    {{ clean_vin('vin') }} as vin,
    {{ clean_text('dealer_code') }} as dealer_id,
    {{ clean_text('part_no') }} as part_no,
    mileage_km,
    {{ read_german_date('repaired_on') }} as repaired_on,
    {{ read_german_date('reported_on') }} as reported_on,
    cast(claim_amt as decimal(14, 2)) as claim_amt,
    {{ clean_text('status') }} as status,
    {{ read_flag('voided') }} as is_deleted,
    change_seq
from {{ source('service', 'warranty_claim') }}
