select
    {{ clean_vin('vin') }} as vin,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('series_code') }} as series_code,
    {{ read_date('arrived_on') }} as arrived_on,
    {{ read_date('left_on') }} as left_on,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'stock_unit') }}
