-- Compiled from indicators/registry/service_due.yml: edit there, then `forecourt indicators compile`.

select
    due_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    count(vin) as svc_due_cnt,
    count(vin) filter (
        where first_maintained_on <= due_on + interval '60 days'
    ) as svc_first_cnt
from {{ ref('fct_service_due') }}
where due_on is not null
group by
    due_on,
    dealer_id,
    region_code,
    series_code
