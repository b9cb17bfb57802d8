-- Compiled from indicators/registry/service.yml: edit there, then `forecourt indicators compile`.

select
    opened_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    kind as ro_kind,
    one_id,
    true as svc_uv
from {{ ref('fct_repair_order') }}
where
    opened_on is not null
    and one_id is not null
group by
    opened_on,
    dealer_id,
    region_code,
    series_code,
    kind,
    one_id
