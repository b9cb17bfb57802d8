-- Compiled from indicators/registry/visit.yml: edit there, then `forecourt indicators compile`.

select
    arrived_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(visit_id) as visit_cnt,
    count(visit_id) filter (where has_test_drive) as visit_td_cnt
from {{ ref('fct_visit') }}
where arrived_on is not null
group by
    arrived_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
