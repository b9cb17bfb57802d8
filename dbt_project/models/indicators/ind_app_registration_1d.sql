-- Compiled from indicators/registry/app_registration.yml: edit there, then `forecourt indicators compile`.

select
    registered_on as stat_date,
    channel,
    campaign_id,
    home_region_code,
    is_owner,
    count(event_id) as app_reg_cnt,
    count(event_id) filter (
        where active_d1_on <= registered_on + interval '1 days'
    ) as app_d1_cnt,
    count(event_id) filter (
        where active_d7_on <= registered_on + interval '7 days'
    ) as app_d7_cnt,
    count(event_id) filter (
        where active_d30_on <= registered_on + interval '30 days'
    ) as app_d30_cnt
from {{ ref('fct_app_registration') }}
where registered_on is not null
group by
    registered_on,
    channel,
    campaign_id,
    home_region_code,
    is_owner
