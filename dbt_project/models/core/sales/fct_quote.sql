select
    quote.quote_id,
    quote.card_id,
    card.one_id,
    card.lead_id,
    quote.dealer_id,
    dealer.region_code,
    coalesce(quote.advisor_id, card.advisor_id) as advisor_id,
    coalesce(quote.series_code, card.series_code) as series_code,
    card.channel,
    card.campaign_id,
    quote.quoted_at,
    {{ business_day('quote.quoted_at') }} as quoted_on,
    quote.quote_amt
from {{ ref('stg_crm__quote') }} as quote
left join {{ ref('dim_card') }} as card on quote.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on quote.dealer_id = dealer.dealer_id
where not quote.is_deleted
