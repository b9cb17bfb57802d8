with ordered as (  -- a system without cards links the order to its lead directly
    select
        sales_order.order_id,
        sales_order.card_id,
        coalesce(sales_order.lead_id, card.lead_id) as lead_id,
        coalesce(card.one_id, person.one_id) as one_id,
        coalesce(sales_order.dealer_id, card.dealer_id, lead.dealer_id) as dealer_id,
        coalesce(sales_order.advisor_id, card.advisor_id, lead.advisor_id) as advisor_id,
        coalesce(sales_order.series_code, card.series_code, lead.series_code) as series_code,
        coalesce(sales_order.channel, card.channel, lead.channel) as channel,
        coalesce(card.campaign_id, lead.campaign_id) as campaign_id,
        coalesce(lead.created_at, card_lead.created_at) as lead_created_at,
        sales_order.vin,
        sales_order.intent_at,
        sales_order.ordered_at,
        sales_order.locked_at,
        sales_order.cancelled_at,
        sales_order.cancel_reason,
        sales_order.promised_on,
        sales_order.order_amt,
        sales_order.msrp_amt,
        sales_order.is_trade_in
    from {{ ref('stg_crm__sales_order') }} as sales_order
    left join {{ ref('dim_card') }} as card on sales_order.card_id = card.card_id
    left join {{ ref('stg_crm__lead') }} as lead on sales_order.lead_id = lead.lead_id
    left join {{ ref('stg_crm__lead') }} as card_lead on card.lead_id = card_lead.lead_id
    left join {{ ref('id_map') }} as person
        on sales_order.lead_id = person.source_key and person.source = 'crm' and person.entity = 'lead'
    where not sales_order.is_deleted
),

dated as (
    select
        *,
        {{ business_day('ordered_at') }} as ordered_on,
        {{ business_day('cancelled_at') }} as cancelled_on
    from ordered
),

handover as (  -- a corrected handover comes under a key of its own: the first one delivered the car
    select order_id, min(delivered_at) as delivered_at
    from {{ ref('stg_crm__delivery') }}
    where not is_deleted and order_id is not null
    group by order_id
)

select
    dated.order_id,
    dated.card_id,
    dated.lead_id,
    dated.one_id,
    dated.dealer_id,
    dealer.region_code,
    dated.advisor_id,
    dated.series_code,
    series.energy,
    dated.channel,
    dated.campaign_id,
    dated.vin,
    dated.intent_at,
    {{ business_day('dated.intent_at') }} as intent_on,
    dated.ordered_at,
    dated.ordered_on,
    dated.locked_at,
    {{ business_day('dated.locked_at') }} as locked_on,
    dated.cancelled_at,
    dated.cancelled_on,
    dated.cancel_reason,
    dated.ordered_on is not null
    and coalesce(
        dated.cancelled_on > {{ dbt.dateadd('day', var('order_cooling_off_days'), 'dated.ordered_on') }}, true
    ) as is_counted,
    dated.promised_on,
    {{ business_day('dated.lead_created_at') }} as lead_created_on,
    handover.delivered_at,
    {{ business_day('handover.delivered_at') }} as delivered_on,
    dated.order_amt,
    dated.msrp_amt,
    dated.is_trade_in
from dated
left join {{ ref('dim_dealer') }} as dealer on dated.dealer_id = dealer.dealer_id
left join {{ ref('dim_series') }} as series on dated.series_code = series.series_code
left join handover on dated.order_id = handover.order_id
