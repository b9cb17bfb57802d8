-- What followed a drive is what the CRM has on its card: the first quote and the first order that counts.
with next_quote as (
    select drive.test_drive_id, min(quote.quoted_at) as quoted_at
    from {{ ref('stg_crm__test_drive') }} as drive
    inner join {{ ref('stg_crm__quote') }} as quote
        on drive.card_id = quote.card_id and quote.quoted_at >= drive.driven_at
    where not quote.is_deleted
    group by drive.test_drive_id
),

next_order as (
    select drive.test_drive_id, min(sales_order.ordered_at) as ordered_at
    from {{ ref('stg_crm__test_drive') }} as drive
    inner join {{ ref('fct_order') }} as sales_order
        on drive.card_id = sales_order.card_id and sales_order.ordered_at >= drive.driven_at
    where sales_order.is_counted
    group by drive.test_drive_id
)

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
    drive.score,
    next_quote.quoted_at,
    next_order.ordered_at
from {{ ref('stg_crm__test_drive') }} as drive
left join {{ ref('dim_card') }} as card on drive.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on drive.dealer_id = dealer.dealer_id
left join next_quote on drive.test_drive_id = next_quote.test_drive_id
left join next_order on drive.test_drive_id = next_order.test_drive_id
where not drive.is_deleted
