-- Compiled from indicators/registry/service.yml: edit there, then `forecourt indicators compile`.

select
    stat_date,
    dealer_id,
    cast(sum(svc_visit_cnt) as bigint) as svc_visit_cnt,
    cast(sum(svc_amt) as decimal(18, 4)) as svc_amt,
    cast(sum(svc_gp_amt) as decimal(18, 4)) as svc_gp_amt,
    cast(sum(svc_sold_cnt) as bigint) as svc_sold_cnt,
    cast(sum(svc_same_cnt) as bigint) as svc_same_cnt
from {{ ref('ind_service_1d') }}
group by
    stat_date,
    dealer_id
