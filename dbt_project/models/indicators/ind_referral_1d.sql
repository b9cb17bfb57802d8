-- Compiled from indicators/registry/referral.yml: edit there, then `forecourt indicators compile`.

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    count(referral_id) as ref_cnt
from {{ ref('fct_referral') }}
where created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code
