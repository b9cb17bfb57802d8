select
    financing_id,
    {{ clean_text('order_id') }} as order_id,
    {{ clean_text('product') }} as product,
    cast(financed_amt as decimal(14, 2)) as financed_amt,
    term_months,
    {{ read_instant('signed_at') }} as signed_at,
    {{ read_instant('updated_at') }} as updated_at,
    {{ clean_text('deleted_at') }} is not null as is_deleted
from {{ source('crm', 'financing') }}
