-- Compiled from indicators/registry/site.yml: edit there, then `forecourt indicators compile`.

select
    started_on as stat_date,
    campaign_id,
    channel,
    series_code,
    person_no,
    true as site_uv
from {{ ref('fct_site_session') }}
where
    started_on is not null
    and person_no is not null
group by
    started_on,
    campaign_id,
    channel,
    series_code,
    person_no
