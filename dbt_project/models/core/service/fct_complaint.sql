select
    complaint.complaint_no as complaint_id,
    complaint.kind,
    coalesce(card.one_id, person.one_id) as one_id,
    complaint.dealer_id,
    dealer.region_code,
    card.series_code,
    complaint.opened_at,
    {{ business_day('complaint.opened_at') }} as opened_on,
    complaint.closed_at
from {{ ref('stg_service__complaint') }} as complaint
left join {{ ref('dim_card') }} as card on complaint.card_id = card.card_id
left join {{ ref('id_map') }} as person
    on
        cast(complaint.customer_no as varchar) = person.source_key
        and person.source = 'service' and person.entity = 'customer'
left join {{ ref('dim_dealer') }} as dealer on complaint.dealer_id = dealer.dealer_id
where not complaint.is_deleted
