-- An order waits at the end of each day from the order on, and no more on the day of its handover or cancellation.
with as_of as (
    select as_of_on from {{ ref('dim_source') }} where source = 'crm'
),

waiting as (
    select
        sales_order.*,
        least(
            coalesce(sales_order.delivered_on, sales_order.cancelled_on),
            coalesce(sales_order.cancelled_on, sales_order.delivered_on)
        ) as ended_on
    from {{ ref('fct_order') }} as sales_order
    where sales_order.ordered_on is not null
)

select
    day.date_day as stat_on,
    waiting.dealer_id,
    waiting.region_code,
    waiting.series_code,
    waiting.energy,
    count(*) as backlog_qty
from waiting
cross join as_of
inner join {{ ref('dim_date') }} as day
    on
        day.date_day >= waiting.ordered_on
        and day.date_day < coalesce(waiting.ended_on, {{ dbt.dateadd('day', 1, 'as_of.as_of_on') }})
        and day.date_day <= as_of.as_of_on
group by day.date_day, waiting.dealer_id, waiting.region_code, waiting.series_code, waiting.energy
