with maintenance as (
    select vin, min(opened_on) as first_maintained_on
    from {{ ref('fct_repair_order') }}
    where kind = 'maintenance'
    group by vin
)

select
    car.vin,
    car.selling_dealer_id as dealer_id,
    dealer.region_code,
    car.series_code,
    cast({{ dbt.dateadd('day', var('first_service_due_days'), 'car.delivered_on') }} as date) as due_on,
    maintenance.first_maintained_on
from {{ ref('dim_vehicle') }} as car
left join maintenance on car.vin = maintenance.vin
left join {{ ref('dim_dealer') }} as dealer on car.selling_dealer_id = dealer.dealer_id
where car.delivered_on is not null
