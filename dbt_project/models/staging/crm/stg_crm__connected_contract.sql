select
    contract_id,
    {{ clean_vin('vin') }} as vin,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('series_code') }} as series_code,
    {{ read_date('starts_on') }} as starts_on,
    {{ read_date('ends_on') }} as ends_on,
    {{ read_date('renewed_on') }} as renewed_on,
    {{ read_instant('updated_at') }} as updated_at,
    deleted_at is not null as is_deleted
from {{ source('crm', 'connected_contract') }}
