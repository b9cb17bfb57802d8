select
    card_id,
    one_id,
    lead_id,
    dealer_id,
    region_code,
    advisor_id,
    series_code,
    channel,
    campaign_id,
    lead_id is null as is_walk_in,
    is_company,
    created_at,
    created_on
from {{ ref('dim_card') }}
where not is_deleted
