-- Compiled from indicators/registry/order.yml: edit there, then `forecourt indicators compile`.

select
    stat_date,
    region_code,
    energy,
    cast(sum(order_cnt) as bigint) as order_cnt,
    cast(sum(order_amt) as decimal(18, 4)) as order_amt,
    cast(sum(order_msrp_amt) as decimal(18, 4)) as order_msrp_amt,
    cast(sum(order_lock_cnt) as bigint) as order_lock_cnt,
    cast(sum(order_raw_cnt) as bigint) as order_raw_cnt,
    cast(sum(order_cancel_cnt) as bigint) as order_cancel_cnt,
    cast(sum(order_delivery_cnt) as bigint) as order_delivery_cnt,
    cast(sum(ref_order_cnt) as bigint) as ref_order_cnt
from {{ ref('ind_order_1d') }}
group by
    stat_date,
    region_code,
    energy
