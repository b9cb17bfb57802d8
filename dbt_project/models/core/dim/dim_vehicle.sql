with delivery as (  -- a car is handed over new once; a corrected handover replaces the first
    select vin, dealer_id, series_code, delivered_at
    from {{ ref('stg_crm__delivery') }}
    where vin is not null and not is_deleted
    qualify row_number() over (partition by vin order by delivered_at desc, delivery_id desc) = 1
),

workshop as (  -- the latest customer's row describes the car
    select vin, brand, model, produced_on, first_registered_on, country, region
    from {{ ref('stg_service__vehicle') }}
    where vin is not null
    qualify row_number() over (partition by vin order by change_seq desc, customer_no asc) = 1
),

stock as (
    select vin, series_code from {{ ref('stg_crm__stock_unit') }} where vin is not null
),

car as (
    select vin from delivery
    union
    select vin from workshop
    union
    select vin from stock
    union
    select vin from {{ ref('stg_service__repair_order') }} where vin is not null
    union
    select vin from {{ ref('stg_service__warranty_claim') }} where vin is not null
)

select
    car.vin,
    coalesce(delivery.series_code, stock.series_code) as series_code,
    series.energy,
    workshop.brand,
    workshop.model,
    workshop.produced_on,
    workshop.first_registered_on,
    workshop.country,
    workshop.region,
    delivery.dealer_id as selling_dealer_id,
    {{ business_day('delivery.delivered_at') }} as delivered_on,
    {{ has_valid_check_digit('car.vin') }} as has_valid_check_digit
from car
left join delivery on car.vin = delivery.vin
left join workshop on car.vin = workshop.vin
left join stock on car.vin = stock.vin
left join {{ ref('dim_series') }} as series on coalesce(delivery.series_code, stock.series_code) = series.series_code
