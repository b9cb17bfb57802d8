-- Compiled from indicators/registry/lock.yml: edit there, then `forecourt indicators compile`.

select
    locked_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    energy,
    count(order_id) as lock_cnt
from {{ ref('fct_order') }}
where locked_on is not null
group by
    locked_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    energy
