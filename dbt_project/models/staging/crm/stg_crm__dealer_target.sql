select
    dealer_id,
    try_cast(month || '-01' as date) as month_on,
    metric,
    value as target_value,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'dealer_target') }}
