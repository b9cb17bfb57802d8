-- Compiled from indicators/registry/campaign.yml: edit there, then `forecourt indicators compile`.

select
    stat_on as stat_date,
    campaign_id,
    media,
    channel,
    region_code,
    series_code,
    cast(sum(imp_cnt) as bigint) as imp_cnt,
    cast(sum(clk_cnt) as bigint) as clk_cnt,
    cast(sum(spend_amt) as decimal(18, 4)) as spend_amt
from {{ ref('fct_campaign_day') }}
where stat_on is not null
group by
    stat_on,
    campaign_id,
    media,
    channel,
    region_code,
    series_code
