select
    financing.financing_id,
    financing.order_id,
    sales_order.one_id,
    sales_order.dealer_id,
    sales_order.region_code,
    sales_order.series_code,
    sales_order.channel,
    financing.product,
    financing.financed_amt,
    financing.term_months,
    financing.signed_at,
    {{ business_day('financing.signed_at') }} as signed_on
from {{ ref('stg_crm__financing') }} as financing
left join {{ ref('fct_order') }} as sales_order on financing.order_id = sales_order.order_id
where not financing.is_deleted
