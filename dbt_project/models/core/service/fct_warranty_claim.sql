select
    claim.claim_no as claim_id,
    claim.order_no as repair_order_id,
    claim.vin,
    vehicle.brand,
    vehicle.model,
    vehicle.series_code,
    claim.dealer_id,
    dealer.region_code,
    claim.part_no,
    claim.mileage_km,
    vehicle.produced_on,
    vehicle.first_registered_on,
    claim.repaired_on,
    claim.reported_on,
    claim.claim_amt,
    claim.status
from {{ ref('stg_service__warranty_claim') }} as claim
left join {{ ref('dim_vehicle') }} as vehicle on claim.vin = vehicle.vin
left join {{ ref('dim_dealer') }} as dealer on claim.dealer_id = dealer.dealer_id
where not claim.is_deleted
