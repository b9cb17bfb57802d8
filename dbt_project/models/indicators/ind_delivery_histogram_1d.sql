-- Compiled from indicators/registry/delivery.yml: edit there, then `forecourt indicators compile`.

with ranked as (
    select
        delivered_on as stat_date,
        dealer_id,
        region_code,
        series_code,
        channel,
        advisor_id,
        energy,
        'delivery_days' as indicator_code,
        cast(date_sub('day', locked_on, delivered_on) as bigint) as value
    from {{ ref('fct_delivery') }}
    where delivered_on is not null
)

select
    stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
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
    advisor_id,
    energy,
    indicator_code,
    value
