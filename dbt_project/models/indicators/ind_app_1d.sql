-- Compiled from indicators/registry/app.yml: edit there, then `forecourt indicators compile`.

select
    occurred_on as stat_date,
    count(event_id) as app_event_cnt
from {{ ref('fct_app_event') }}
where occurred_on is not null
group by
    occurred_on
