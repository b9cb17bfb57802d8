-- Compiled from indicators/registry/recall.yml: edit there, then `forecourt indicators compile`.

select
    announced_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    count(recall_id) as recall_cnt,
    count(recall_id) filter (where done_on is not null) as recall_done_cnt
from {{ ref('fct_recall_vehicle') }}
where announced_on is not null
group by
    announced_on,
    dealer_id,
    region_code,
    series_code
