select
    appointment.appointment_id,
    appointment.card_id,
    card.one_id,
    card.lead_id,
    appointment.dealer_id,
    dealer.region_code,
    coalesce(appointment.advisor_id, card.advisor_id) as advisor_id,
    coalesce(appointment.series_code, card.series_code) as series_code,
    card.channel,
    card.campaign_id,
    appointment.kind,
    appointment.scheduled_at,
    {{ business_day('appointment.scheduled_at') }} as scheduled_on,
    appointment.is_shown,
    appointment.created_at,
    {{ business_day('appointment.created_at') }} as created_on
from {{ ref('stg_crm__appointment') }} as appointment
left join {{ ref('dim_card') }} as card on appointment.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on appointment.dealer_id = dealer.dealer_id
where not appointment.is_deleted
