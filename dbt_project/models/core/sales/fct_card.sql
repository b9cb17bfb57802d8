select
    card.card_id,
    card.one_id,
    card.lead_id,
    card.dealer_id,
    card.region_code,
    card.advisor_id,
    card.series_code,
    card.channel,
    card.campaign_id,
    card.lead_id is null as is_walk_in,
    card.is_company,
    lead.created_at as lead_created_at,
    card.created_at,
    card.created_on
from {{ ref('dim_card') }} as card
left join {{ ref('stg_crm__lead') }} as lead on card.lead_id = lead.lead_id
where not card.is_deleted
