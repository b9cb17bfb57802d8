-- Compiled from indicators/registry/app.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_app_event') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    occurred_on as stat_date,
    person_no,
    true as app_uv,
    true as app_active_days
from fact
where occurred_on is not null
group by
    occurred_on,
    person_no
