select
    advisor_id,
    {{ clean_text('dealer_id') }} as dealer_id,
    {{ clean_text('name') }} as advisor_name,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'advisor') }}
