-- Compiled from indicators/registry/lead.yml: edit there, then `forecourt indicators compile`.

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    one_id,
    true as lead_uv
from {{ ref('fct_lead') }}
where
    created_on is not null
    and one_id is not null
    and is_counted
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    one_id
