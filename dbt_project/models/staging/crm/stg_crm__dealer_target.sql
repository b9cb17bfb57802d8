select
    dealer_id,
    {{ read_date("month || '-01'") }} as month_on,
    metric,
    value as target_value,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'dealer_target') }}
