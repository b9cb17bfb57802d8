with drive as (
    select visit_id, count(*) as test_drive_cnt
    from {{ ref('stg_crm__test_drive') }}
    where not is_deleted and visit_id is not null
    group by visit_id
),

-- the first order that counts of the same card, at or after the visit
next_order as (
    select visit.visit_id, min(sales_order.ordered_at) as ordered_at
    from {{ ref('stg_crm__visit') }} as visit
    inner join {{ ref('fct_order') }} as sales_order
        on visit.card_id = sales_order.card_id and sales_order.ordered_at >= visit.arrived_at
    where sales_order.is_counted
    group by visit.visit_id
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
    visit.left_at,
    card.one_id is not null and row_number() over person_visit = 1 as is_first_visit,
    case when card.one_id is not null then lead(visit.arrived_at) over person_visit end as next_visited_at,
    next_order.ordered_at
from {{ ref('stg_crm__visit') }} as visit
left join {{ ref('dim_card') }} as card on visit.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on visit.dealer_id = dealer.dealer_id
left join drive on visit.visit_id = drive.visit_id
left join next_order on visit.visit_id = next_order.visit_id
where not visit.is_deleted
window person_visit as (partition by card.one_id order by visit.arrived_at, visit.visit_id)
