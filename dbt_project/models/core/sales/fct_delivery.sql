with contract as (
    select order_id, count(*) as contract_cnt
    from {{ ref('stg_crm__financing') }}
    where not is_deleted
    group by order_id
),

binding as (
    select vin, min(bound_at) as bound_at from {{ ref('fct_vehicle_binding') }} group by vin
)

select
    delivery.delivery_id,
    delivery.order_id,
    delivery.vin,
    coalesce(delivery.card_id, sales_order.card_id) as card_id,
    sales_order.lead_id,
    coalesce(card.one_id, sales_order.one_id) as one_id,
    delivery.dealer_id,
    dealer.region_code,
    coalesce(sales_order.advisor_id, card.advisor_id) as advisor_id,
    coalesce(delivery.series_code, sales_order.series_code) as series_code,
    series.energy,
    coalesce(sales_order.channel, card.channel) as channel,
    sales_order.campaign_id,
    delivery.delivered_at,
    {{ business_day('delivery.delivered_at') }} as delivered_on,
    sales_order.ordered_on,
    sales_order.locked_on,
    sales_order.promised_on,
    binding.bound_at,
    {{ business_day('delivery.delivered_at') }} <= sales_order.promised_on as is_on_time,
    delivery.invoice_amt,
    delivery.gross_profit_amt,
    delivery.accessories_amt,
    delivery.is_insured,
    coalesce(contract.contract_cnt, 0) > 0 as is_financed,
    coalesce(sales_order.is_trade_in, false) as is_trade_in
from {{ ref('stg_crm__delivery') }} as delivery
left join {{ ref('fct_order') }} as sales_order on delivery.order_id = sales_order.order_id
left join {{ ref('dim_card') }} as card on delivery.card_id = card.card_id
left join {{ ref('dim_dealer') }} as dealer on delivery.dealer_id = dealer.dealer_id
left join {{ ref('dim_series') }} as series
    on coalesce(delivery.series_code, sales_order.series_code) = series.series_code
left join binding on delivery.vin = binding.vin
left join contract on delivery.order_id = contract.order_id
where not delivery.is_deleted
