-- Compiled from indicators/registry/order.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_order') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    ordered_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy,
    person_no,
    bool_or(is_counted) as order_uv,
    bool_or(is_counted and locked_at <= ordered_at + interval '14 days') as order_lock_cnt,
    true as order_raw_cnt,
    bool_or(cancelled_at <= ordered_at + interval '60 days') as order_cancel_cnt,
    bool_or(is_counted and delivered_at <= ordered_at + interval '60 days') as order_delivery_cnt,
    bool_or(is_counted and channel = 'referral') as ref_order_cnt
from fact
where ordered_on is not null
group by
    ordered_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy,
    person_no
