-- Compiled from indicators/registry/intent.yml: edit there, then `forecourt indicators compile`.

select
    intent_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    energy,
    count(order_id) as intent_cnt
from {{ ref('fct_order') }}
where intent_on is not null
group by
    intent_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    energy
