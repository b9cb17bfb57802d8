select
    contract.contract_id,
    contract.vin,
    contract.dealer_id,
    dealer.region_code,
    coalesce(contract.series_code, car.series_code) as series_code,
    contract.starts_on,
    contract.ends_on,
    contract.renewed_on
from {{ ref('stg_crm__connected_contract') }} as contract
left join {{ ref('dim_vehicle') }} as car on contract.vin = car.vin
left join {{ ref('dim_dealer') }} as dealer on contract.dealer_id = dealer.dealer_id
where not contract.is_deleted
