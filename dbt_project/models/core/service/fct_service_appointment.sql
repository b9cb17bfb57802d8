select
    appointment.appointment_no as service_appointment_id,
    person.one_id,
    appointment.dealer_id,
    dealer.region_code,
    appointment.vin,
    vehicle.series_code,
    appointment.channel,
    appointment.status,
    appointment.booked_at,
    {{ business_day('appointment.booked_at') }} as booked_on,
    appointment.scheduled_at,
    {{ business_day('appointment.scheduled_at') }} as scheduled_on
from {{ ref('stg_service__appointment') }} as appointment
left join {{ ref('id_map') }} as person
    on
        cast(appointment.customer_no as varchar) = person.source_key
        and person.source = 'service' and person.entity = 'customer'
left join {{ ref('dim_dealer') }} as dealer on appointment.dealer_id = dealer.dealer_id
left join {{ ref('dim_vehicle') }} as vehicle on appointment.vin = vehicle.vin
where not appointment.is_deleted
