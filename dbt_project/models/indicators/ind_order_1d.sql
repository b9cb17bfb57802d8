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
    count(order_id) filter (where is_counted) as order_cnt,
    cast(sum(order_amt) filter (where is_counted) as decimal(18, 4)) as order_amt,
    cast(sum(msrp_amt) filter (where is_counted) as decimal(18, 4)) as order_msrp_amt,
    count(order_id) filter (
        where is_counted
        and locked_at <= ordered_at + interval '14 days'
    ) as order_lock_cnt,
    count(order_id) as order_raw_cnt,
    count(order_id) filter (
        where cancelled_at <= ordered_at + interval '60 days'
    ) as order_cancel_cnt,
    count(order_id) filter (
        where is_counted
        and delivered_at <= ordered_at + interval '60 days'
    ) as order_delivery_cnt,
    count(order_id) filter (where is_counted and channel = 'referral') as ref_order_cnt
from {{ ref('fct_order') }}
where ordered_on is not null
group by
    ordered_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy
