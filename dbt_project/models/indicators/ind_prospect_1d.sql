-- Compiled from indicators/registry/prospect.yml: edit there, then `forecourt indicators compile`.

select
    first_seen_on as stat_date,
    dealer_id,
    region_code,
    channel,
    campaign_id,
    count(one_id) as prospect_new_cnt
from {{ ref('fct_prospect') }}
where first_seen_on is not null
group by
    first_seen_on,
    dealer_id,
    region_code,
    channel,
    campaign_id
