-- Compiled from indicators/registry/app_registration.yml: edit there, then `forecourt indicators compile`.

select
    registered_on as stat_date,
    count(event_id) as app_reg_cnt
from {{ ref('fct_app_registration') }}
where registered_on is not null
group by
    registered_on
