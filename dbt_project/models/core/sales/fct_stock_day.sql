-- A car counts at the end of each day from its arrival on, and no more on the day it leaves.
with as_of as (
    select as_of_on from {{ ref('dim_source') }} where source = 'crm'
),

standing as (
    select
        day.date_day as stat_on,
        unit.dealer_id,
        unit.region_code,
        unit.series_code,
        unit.energy,
        day.date_day > {{ dbt.dateadd('day', var('stock_aged_days'), 'unit.arrived_on') }} as is_aged
    from {{ ref('fct_stock_unit') }} as unit
    cross join as_of
    inner join {{ ref('dim_date') }} as day
        on
            day.date_day >= unit.arrived_on
            and day.date_day < coalesce(unit.left_on, {{ dbt.dateadd('day', 1, 'as_of.as_of_on') }})
            and day.date_day <= as_of.as_of_on
)

select
    stat_on,
    dealer_id,
    region_code,
    series_code,
    energy,
    is_aged,
    count(*) as stock_qty
from standing
group by stat_on, dealer_id, region_code, series_code, energy, is_aged
