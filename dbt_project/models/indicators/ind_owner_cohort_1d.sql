-- Compiled from indicators/registry/owner_cohort.yml: edit there, then `forecourt indicators compile`.

select
    first_delivered_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    count(one_id) as owner_new_cnt,
    cast(sum(gp_12m_amt) as decimal(18, 4)) as owner_gp12_amt,
    cast(sum(gp_36m_amt) as decimal(18, 4)) as owner_gp36_amt
from {{ ref('fct_owner_cohort') }}
where first_delivered_on is not null
group by
    first_delivered_on,
    dealer_id,
    region_code,
    series_code,
    channel
