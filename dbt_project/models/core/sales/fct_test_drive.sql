select
    drive.test_drive_id,
    drive.card_id,
    card.one_id,
    card.lead_id,
    drive.dealer_id,
    dealer.region_code,
    coalesce(drive.advisor_id, card.advisor_id) as advisor_id,
    coalesce(drive.series_code, card.series_code) as series_code,
    card.channel,
    card.campaign_id,
    drive.visit_id,
    drive.appointment_id,
    drive.driven_at,
    {{ business_day('drive.driven_at') }} as driven_on,
    drive.score
from {{ ref('stg_crm__test_drive') }} as drive
left join {{ ref('dim_card') }} as card on drive.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on drive.dealer_id = dealer.dealer_id
where not drive.is_deleted
