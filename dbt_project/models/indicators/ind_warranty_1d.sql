-- Compiled from indicators/registry/warranty.yml: edit there, then `forecourt indicators compile`.

select
    reported_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    brand,
    model,
    count(claim_id) as warranty_cnt
from {{ ref('fct_warranty_claim') }}
where reported_on is not null
group by
    reported_on,
    dealer_id,
    region_code,
    series_code,
    brand,
    model
