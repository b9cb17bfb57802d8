select
    referral.referral_id,
    referral.referrer_card_id,
    card.one_id as referrer_one_id,
    referral.lead_id,
    lead.one_id,
    lead.dealer_id,
    lead.region_code,
    lead.series_code,
    lead.channel,
    referral.created_at,
    {{ business_day('referral.created_at') }} as created_on
from {{ ref('stg_crm__referral') }} as referral
left join {{ ref('dim_card') }} as card on referral.referrer_card_id = card.card_id
left join {{ ref('fct_lead') }} as lead on referral.lead_id = lead.lead_id
where not referral.is_deleted
