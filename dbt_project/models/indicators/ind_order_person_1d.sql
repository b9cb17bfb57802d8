-- Compiled from indicators/registry/order.yml: edit there, then `forecourt indicators compile`.

select
    ordered_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy,
    one_id,
    true as order_uv
from {{ ref('fct_order') }}
where
    ordered_on is not null
    and one_id is not null
    and is_counted
group by
    ordered_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy,
    one_id
