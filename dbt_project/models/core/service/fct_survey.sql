select
    survey.survey_no as survey_id,
    survey.kind,
    coalesce(card.one_id, person.one_id) as one_id,
    survey.card_id,
    survey.order_no as repair_order_id,
    survey.dealer_id,
    dealer.region_code,
    card.advisor_id,
    card.series_code,
    survey.nps_score,
    survey.nps_score >= 9 as is_promoter,
    survey.nps_score <= 6 as is_detractor,
    survey.answered_at,
    {{ business_day('survey.answered_at') }} as answered_on
from {{ ref('stg_service__survey') }} as survey
left join {{ ref('dim_card') }} as card on survey.card_id = card.card_id
left join {{ ref('id_map') }} as person
    on
        cast(survey.customer_no as varchar) = person.source_key
        and person.source = 'service' and person.entity = 'customer'
left join {{ ref('dim_dealer') }} as dealer on survey.dealer_id = dealer.dealer_id
