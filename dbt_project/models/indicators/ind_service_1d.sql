-- Compiled from indicators/registry/service.yml: edit there, then `forecourt indicators compile`.

select
    opened_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    kind as ro_kind,
    vehicle_age_band,
    count(repair_order_id) as svc_visit_cnt,
    cast(sum(ro_amt) as decimal(18, 4)) as svc_amt,
    cast(sum(gp_amt) as decimal(18, 4)) as svc_gp_amt,
    count(repair_order_id) filter (where is_at_selling_dealer is not null) as svc_sold_cnt,
    count(repair_order_id) filter (where is_at_selling_dealer) as svc_same_cnt
from {{ ref('fct_repair_order') }}
where opened_on is not null
group by
    opened_on,
    dealer_id,
    region_code,
    series_code,
    kind,
    vehicle_age_band
