select
    delivery_id,
    {{ clean_text('order_id') }} as order_id,
    {{ clean_text('card_id') }} as card_id,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('series_code') }} as series_code,
    {{ clean_vin('vin') }} as vin,
    {{ read_instant('delivered_at') }} as delivered_at,
    cast(invoice_amt as decimal(14, 2)) as invoice_amt,
    cast(gross_profit_amt as decimal(14, 2)) as gross_profit_amt,
    cast(accessories_amt as decimal(14, 2)) as accessories_amt,
    {{ read_flag('insured') }} as is_insured,
    {{ read_instant('updated_at') }} as updated_at,
    {{ clean_text('deleted_at') }} is not null as is_deleted
from {{ source('crm', 'delivery') }}
