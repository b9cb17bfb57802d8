-- Compiled from indicators/registry/campaign.yml: edit there, then `forecourt indicators compile`.

select
    stat_date,
    channel,
    cast(sum(imp_cnt) as bigint) as imp_cnt,
    cast(sum(clk_cnt) as bigint) as clk_cnt,
    cast(sum(spend_amt) as decimal(18, 4)) as spend_amt
from {{ ref('ind_campaign_1d') }}
group by
    stat_date,
    channel
