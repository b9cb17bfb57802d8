select
    dealer_id,
    dealer_name,
    region_code,
    region_name,
    tier,
    market_type,
    peer_group,
    opened_on,
    closed_on
from {{ ref('dim_dealer') }}
