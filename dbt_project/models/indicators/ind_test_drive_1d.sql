-- Compiled from indicators/registry/test_drive.yml: edit there, then `forecourt indicators compile`.

select
    driven_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(test_drive_id) as td_cnt,
    count(test_drive_id) filter (where score is not null) as td_scored_cnt,
    cast(sum(score) as bigint) as td_score_qty,
    count(test_drive_id) filter (
        where ordered_at <= driven_at + interval '30 days'
    ) as td_order_cnt
from {{ ref('fct_test_drive') }}
where driven_on is not null
group by
    driven_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
