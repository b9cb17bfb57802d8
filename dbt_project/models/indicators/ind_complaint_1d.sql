-- Compiled from indicators/registry/complaint.yml: edit there, then `forecourt indicators compile`.

select
    opened_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    count(complaint_id) as complaint_cnt
from {{ ref('fct_complaint') }}
where opened_on is not null
group by
    opened_on,
    dealer_id,
    region_code,
    series_code
