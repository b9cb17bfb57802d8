select
    campaign_id,
    {{ read_date('stat_date') }} as stat_on,
    region_code,
    series_code,
    impressions as imp_cnt,
    clicks as clk_cnt,
    cast(spend_amt as decimal(14, 2)) as spend_amt,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'daily_stat') }}
