-- Compiled from indicators/registry/owner.yml: edit there, then `forecourt indicators compile`.

select
    stat_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    vehicle_age_band,
    count(vin) as owner_vehicle_qty
from {{ ref('fct_owner_month') }}
where stat_on is not null
group by
    stat_on,
    dealer_id,
    region_code,
    series_code,
    vehicle_age_band
