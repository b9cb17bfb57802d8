-- What an owner brings: gross profit on every car bought and every workshop visit from the first handover on.
with first_delivery as (
    select one_id, delivered_on as first_delivered_on, dealer_id, region_code, series_code, channel
    from {{ ref('fct_delivery') }}
    where one_id is not null
    qualify row_number() over (partition by one_id order by delivered_at, delivery_id) = 1
),

profit as (
    select one_id, delivered_on as earned_on, gross_profit_amt as gp_amt from {{ ref('fct_delivery') }}
    union all
    select one_id, opened_on, gp_amt from {{ ref('fct_repair_order') }}
)

select
    first_delivery.one_id,
    first_delivery.first_delivered_on,
    first_delivery.dealer_id,
    first_delivery.region_code,
    first_delivery.series_code,
    first_delivery.channel,
    coalesce(sum(profit.gp_amt) filter (
        where profit.earned_on < {{ dbt.dateadd('month', 12, 'first_delivery.first_delivered_on') }}
    ), 0) as gp_12m_amt,
    coalesce(sum(profit.gp_amt) filter (
        where profit.earned_on < {{ dbt.dateadd('month', 36, 'first_delivery.first_delivered_on') }}
    ), 0) as gp_36m_amt
from first_delivery
left join profit
    on first_delivery.one_id = profit.one_id and profit.earned_on >= first_delivery.first_delivered_on
group by
    first_delivery.one_id,
    first_delivery.first_delivered_on,
    first_delivery.dealer_id,
    first_delivery.region_code,
    first_delivery.series_code,
    first_delivery.channel
