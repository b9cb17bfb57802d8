select
    {{ clean_vin('vin') }} as vin,
    customer_no,
    {{ clean_text('licence_plate') }} as licence_plate,
    {{ clean_text('brand') }} as brand,
    {{ clean_text('model') }} as model,
    {{ read_german_date('production_date') }} as produced_on,
    {{ read_german_date('first_registration') }} as first_registered_on,
    {{ read_german_date('owned_from') }} as owned_from,
    {{ read_german_date('owned_to') }} as owned_to,
    {{ clean_text('country') }} as country,
    {{ clean_text('region') }} as region,
    change_seq
from {{ source('service', 'vehicle') }}
