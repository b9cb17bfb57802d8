-- Compiled from indicators/registry/order.yml: edit there, then `forecourt indicators compile`.

with ranked as (
    select
        ordered_on as stat_date,
        dealer_id,
        region_code,
        series_code,
        channel,
        campaign_id,
        advisor_id,
        energy,
        'deal_cycle_days' as indicator_code,
        cast(date_sub('day', lead_created_on, ordered_on) as bigint) as value
    from {{ ref('fct_order') }}
    where
        ordered_on is not null
        and is_counted
)

select
    stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy,
    indicator_code,
    value,
    count(*) as cnt
from ranked
where value >= 0
group by
    stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    energy,
    indicator_code,
    value
