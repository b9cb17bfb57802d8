-- Compiled from indicators/registry/site.yml: edit there, then `forecourt indicators compile`.

select
    started_on as stat_date,
    campaign_id,
    channel,
    series_code,
    count(session_id) as site_visit_cnt,
    cast(sum(page_cnt) as bigint) as site_page_cnt
from {{ ref('fct_site_session') }}
where started_on is not null
group by
    started_on,
    campaign_id,
    channel,
    series_code
