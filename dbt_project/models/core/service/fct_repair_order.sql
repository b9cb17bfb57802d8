select
    repair.order_no as repair_order_id,
    repair.appointment_no as service_appointment_id,
    person.one_id,
    repair.dealer_id,
    dealer.region_code,
    repair.vin,
    vehicle.series_code,
    vehicle.selling_dealer_id,
    repair.dealer_id = vehicle.selling_dealer_id as is_at_selling_dealer,
    repair.kind,
    repair.opened_at,
    {{ business_day('repair.opened_at') }} as opened_on,
    lag({{ business_day('repair.opened_at') }}) over (
        partition by repair.vin order by repair.opened_at, repair.order_no
    ) as previous_opened_on,
    {{ vehicle_age_band(
        'coalesce(vehicle.delivered_on, vehicle.first_registered_on)', business_day('repair.opened_at')
    ) }} as vehicle_age_band,
    repair.closed_at,
    repair.mileage_km,
    repair.labour_amt,
    repair.parts_amt,
    coalesce(repair.labour_amt, 0) + coalesce(repair.parts_amt, 0) as ro_amt,
    repair.cost_amt,
    coalesce(repair.labour_amt, 0) + coalesce(repair.parts_amt, 0) - repair.cost_amt as gp_amt
from {{ ref('stg_service__repair_order') }} as repair
left join {{ ref('id_map') }} as person
    on
        cast(repair.customer_no as varchar) = person.source_key
        and person.source = 'service' and person.entity = 'customer'
left join {{ ref('dim_dealer') }} as dealer on repair.dealer_id = dealer.dealer_id
left join {{ ref('dim_vehicle') }} as vehicle on repair.vin = vehicle.vin
where not repair.is_deleted
