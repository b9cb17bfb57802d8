-- Deleted cards stay here, flagged: visits and orders that were made with them still need their person and their lead.
select
    card.card_id,
    person.one_id,
    card.lead_id,
    card.dealer_id,
    dealer.region_code,
    card.advisor_id,
    card.series_code,
    coalesce(card.channel, lead.channel) as channel,
    lead.campaign_id,
    card.organisation is not null as is_company,
    card.created_at,
    {{ business_day('card.created_at') }} as created_on,
    card.is_deleted
from {{ ref('stg_crm__card') }} as card
left join {{ ref('stg_crm__lead') }} as lead on card.lead_id = lead.lead_id
left join {{ ref('dim_dealer') }} as dealer on card.dealer_id = dealer.dealer_id
left join {{ ref('id_map') }} as person
    on card.card_id = person.source_key and person.source = 'crm' and person.entity = 'card'
