select
    stat.campaign_id,
    stat.stat_on,
    stat.region_code,
    stat.series_code,
    campaign.channel,
    stat.imp_cnt,
    stat.clk_cnt,
    stat.spend_amt
from {{ ref('stg_marketing__daily_stat') }} as stat
left join {{ ref('dim_campaign') }} as campaign on stat.campaign_id = campaign.campaign_id
