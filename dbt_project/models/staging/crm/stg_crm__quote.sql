select
    quote_id,
    {{ clean_text('card_id') }} as card_id,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('advisor_id') }} as advisor_id,
    {{ clean_text('series_code') }} as series_code,
    {{ read_instant('quoted_at') }} as quoted_at,
    cast(quote_amt as decimal(14, 2)) as quote_amt,
    {{ read_instant('updated_at') }} as updated_at,
    {{ clean_text('deleted_at') }} is not null as is_deleted
from {{ source('crm', 'quote') }}
