select
    dealer.dealer_id,
    dealer.dealer_name,
    dealer.region_code,
    region.region_name,
    dealer.city,
    dealer.postal_code,
    dealer.tier,
    dealer.market_type,
    coalesce(dealer.tier, '?') || ' / ' || coalesce(dealer.market_type, '?') as peer_group,
    dealer.opened_on,
    dealer.closed_on
from {{ ref('stg_crm__dealer') }} as dealer
left join {{ ref('dim_region') }} as region on dealer.region_code = region.region_code
