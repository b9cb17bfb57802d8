select
    form.form_id,
    person.one_id,
    form.lead_id,
    form.subscriber_id,
    form.campaign_id,
    campaign.channel,
    form.device_key,
    form.submitted_at,
    {{ business_day('form.submitted_at') }} as submitted_on
from {{ ref('stg_marketing__web_form') }} as form
left join {{ ref('dim_campaign') }} as campaign on form.campaign_id = campaign.campaign_id
left join {{ ref('id_map') }} as person
    on form.form_id = person.source_key and person.source = 'marketing' and person.entity = 'web_form'
