with drive as (
    select visit_id, count(*) as test_drive_cnt
    from {{ ref('stg_crm__test_drive') }}
    where not is_deleted and visit_id is not null
    group by visit_id
)

select
    visit.visit_id,
    visit.card_id,
    card.one_id,
    card.lead_id,
    visit.dealer_id,
    dealer.region_code,
    coalesce(visit.advisor_id, card.advisor_id) as advisor_id,
    coalesce(visit.series_code, card.series_code) as series_code,
    card.channel,
    card.campaign_id,
    visit.appointment_id,
    visit.is_walk_in,
    visit.card_id is not null as has_card,
    coalesce(drive.test_drive_cnt, 0) > 0 as has_test_drive,
    visit.arrived_at,
    {{ business_day('visit.arrived_at') }} as arrived_on,
    visit.left_at
from {{ ref('stg_crm__visit') }} as visit
left join {{ ref('dim_card') }} as card on visit.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on visit.dealer_id = dealer.dealer_id
left join drive on visit.visit_id = drive.visit_id
where not visit.is_deleted
