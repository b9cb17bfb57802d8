select
    recall.recall_no as recall_id,
    recall.recall_code,
    recall.vin,
    car.series_code,
    recall.dealer_id,
    dealer.region_code,
    recall.announced_on,
    recall.done_on
from {{ ref('stg_service__recall_vehicle') }} as recall
left join {{ ref('dim_vehicle') }} as car on recall.vin = car.vin
left join {{ ref('dim_dealer') }} as dealer on recall.dealer_id = dealer.dealer_id
where not recall.is_deleted
