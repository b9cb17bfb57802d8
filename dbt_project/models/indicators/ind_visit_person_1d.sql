-- Compiled from indicators/registry/visit.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_visit') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    arrived_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    person_no,
    true as visit_uv,
    bool_or(next_visited_at <= arrived_at + interval '30 days') as visit_again_uv
from fact
where arrived_on is not null
group by
    arrived_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    person_no
