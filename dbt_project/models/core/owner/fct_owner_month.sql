-- Months are those of which the workshop system has data: before them nobody could have been serviced.
with as_of as (
    select as_of_on from {{ ref('dim_source') }} where source = 'service'
),

month as (
    select max(day.date_day) as stat_on
    from {{ ref('dim_date') }} as day
    where day.month_on >= (select {{ dbt.date_trunc('month', 'min(opened_on)') }} from {{ ref('fct_repair_order') }})
    group by day.month_on
    having max(day.date_day) <= (select as_of_on from as_of)
),

serviced as (
    select distinct repair.one_id, month.stat_on
    from {{ ref('fct_repair_order') }} as repair
    inner join month
        on
            repair.opened_on <= month.stat_on
            and repair.opened_on > {{ dbt.dateadd('month', -12, 'month.stat_on') }}
    where repair.one_id is not null
),

active as (
    select distinct event.one_id, month.stat_on
    from {{ ref('fct_app_event') }} as event
    inner join month
        on
            event.occurred_on <= month.stat_on
            and event.occurred_on > {{ dbt.dateadd('day', -30, 'month.stat_on') }}
    where event.one_id is not null
),

reorder as (
    select owned.vin, owned.one_id, min(sales_order.ordered_on) as reordered_on
    from {{ ref('fct_ownership') }} as owned
    inner join {{ ref('fct_order') }} as sales_order
        on owned.one_id = sales_order.one_id and sales_order.ordered_on > owned.owned_from_on
    where sales_order.is_counted
    group by owned.vin, owned.one_id
)

select
    month.stat_on,
    owned.vin,
    owned.one_id,
    owned.dealer_id,
    owned.region_code,
    owned.series_code,
    {{ vehicle_age_band('owned.first_registered_on', 'month.stat_on') }} as vehicle_age_band,
    serviced.one_id is not null as is_serviced_12m,
    active.one_id is not null as is_app_active_30d,
    coalesce(
        reorder.reordered_on <= month.stat_on
        and reorder.reordered_on > {{ dbt.dateadd('month', -36, 'month.stat_on') }},
        false
    ) as has_reordered_36m
from {{ ref('fct_ownership') }} as owned
inner join month
    on
        owned.owned_from_on <= month.stat_on
        and (owned.owned_to_on is null or owned.owned_to_on > month.stat_on)
left join serviced on owned.one_id = serviced.one_id and month.stat_on = serviced.stat_on
left join active on owned.one_id = active.one_id and month.stat_on = active.stat_on
left join reorder on owned.vin = reorder.vin and owned.one_id = reorder.one_id
