-- Compiled from indicators/registry/test_drive.yml: edit there, then `forecourt indicators compile`.

select
    driven_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    one_id,
    true as td_uv
from {{ ref('fct_test_drive') }}
where
    driven_on is not null
    and one_id is not null
group by
    driven_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    one_id
