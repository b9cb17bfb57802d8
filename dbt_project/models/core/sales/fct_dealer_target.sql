select
    target.dealer_id,
    dealer.region_code,
    target.month_on,
    target.metric,
    target.target_value as value
from {{ ref('stg_crm__dealer_target') }} as target
left join {{ ref('dim_dealer') }} as dealer on target.dealer_id = dealer.dealer_id
