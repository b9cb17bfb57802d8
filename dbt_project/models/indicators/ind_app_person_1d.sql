-- Compiled from indicators/registry/app.yml: edit there, then `forecourt indicators compile`.

select
    occurred_on as stat_date,
    one_id,
    true as app_uv
from {{ ref('fct_app_event') }}
where
    occurred_on is not null
    and one_id is not null
group by
    occurred_on,
    one_id
