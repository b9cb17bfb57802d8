-- Where a recommendation went is the lead's, also of a lead that was deleted since: the recommendation still happened.
select
    referral.referral_id,
    referral.referrer_card_id,
    card.one_id as referrer_one_id,
    referral.lead_id,
    counted.one_id,
    lead.dealer_id,
    dealer.region_code,
    lead.series_code,
    lead.channel,
    referral.created_at,
    {{ business_day('referral.created_at') }} as created_on
from {{ ref('stg_crm__referral') }} as referral
left join {{ ref('dim_card') }} as card on referral.referrer_card_id = card.card_id
left join {{ ref('stg_crm__lead') }} as lead on referral.lead_id = lead.lead_id
left join {{ ref('fct_lead') }} as counted on referral.lead_id = counted.lead_id
left join {{ ref('dim_dealer') }} as dealer on lead.dealer_id = dealer.dealer_id
where not referral.is_deleted
