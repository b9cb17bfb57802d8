select
    lead.lead_id,
    person.one_id,
    lead.dealer_id,
    dealer.region_code,
    lead.advisor_id,
    lead.series_code,
    lead.channel,
    lead.campaign_id,
    lead.created_at,
    {{ business_day('lead.created_at') }} as created_on,
    lead.assigned_at,
    lead.first_contact_at,
    coalesce(lead.is_test, false) as is_test,
    lead.is_valid,
    lead.is_reached,
    coalesce(not dedup.is_counted, false) as is_duplicate,
    coalesce(dedup.is_counted, false) as is_counted,
    dedup.counted_lead_id,
    lead.status,
    lead.lost_reason,
    lead.lost_at,
    journey.carded_at,
    journey.invited_at,
    journey.visited_at,
    journey.test_drove_at,
    journey.quoted_at,
    journey.ordered_at,
    journey.delivered_at
from {{ ref('stg_crm__lead') }} as lead
left join {{ ref('id_map') }} as person
    on lead.lead_id = person.source_key and person.source = 'crm' and person.entity = 'lead'
left join {{ ref('dim_dealer') }} as dealer on lead.dealer_id = dealer.dealer_id
left join {{ ref('fct_lead_dedup') }} as dedup on lead.lead_id = dedup.lead_id
-- on the counted lead only: a duplicate has no journey of its own
left join {{ ref('fct_lead_journey') }} as journey on lead.lead_id = journey.counted_lead_id
where not lead.is_deleted
