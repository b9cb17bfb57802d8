-- Compiled from indicators/registry/visit.yml: edit there, then `forecourt indicators compile`.

select
    arrived_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    one_id,
    true as visit_uv
from {{ ref('fct_visit') }}
where
    arrived_on is not null
    and one_id is not null
group by
    arrived_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    one_id
