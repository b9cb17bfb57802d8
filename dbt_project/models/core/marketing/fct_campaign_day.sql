select
    stat.campaign_id,
    stat.stat_on,
    stat.region_code,
    stat.series_code,
    campaign.channel as media,
    case campaign.channel
        when 'search' then 'paid_search'
        when 'video' then 'campaign'
        else campaign.channel
    end as channel,
    stat.imp_cnt,
    stat.clk_cnt,
    stat.spend_amt
from {{ ref('stg_marketing__daily_stat') }} as stat
left join {{ ref('dim_campaign') }} as campaign on stat.campaign_id = campaign.campaign_id
