-- Compiled from indicators/registry/delivery.yml: edit there, then `forecourt indicators compile`.

select
    delivered_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    energy,
    count(delivery_id) as delivery_cnt,
    count(delivery_id) filter (where promised_on is not null) as delivery_promised_cnt,
    count(delivery_id) filter (
        where promised_on is not null
        and is_on_time
    ) as delivery_ontime_cnt,
    cast(sum(invoice_amt) as decimal(18, 4)) as delivery_invoice_amt,
    cast(sum(gross_profit_amt) as decimal(18, 4)) as delivery_gp_amt,
    cast(sum(accessories_amt) as decimal(18, 4)) as delivery_acc_amt,
    count(delivery_id) filter (where is_financed) as delivery_fin_cnt,
    count(delivery_id) filter (where is_insured) as delivery_ins_cnt,
    count(delivery_id) filter (where is_trade_in) as delivery_tradein_cnt,
    count(delivery_id) filter (
        where bound_at <= delivered_at + interval '90 days'
    ) as delivery_bound_cnt
from {{ ref('fct_delivery') }}
where delivered_on is not null
group by
    delivered_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    energy
