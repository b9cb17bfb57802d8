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
    bool_or(next_visited_at <= arrived_at + interval '30 days') as visit_again_uv,
    bool_or(is_first_visit) as visit_new_cnt,
    bool_or(is_walk_in) as visit_walk_cnt,
    bool_or(is_walk_in and has_card) as visit_walk_card_cnt,
    bool_or(has_test_drive) as visit_td_cnt,
    bool_or(ordered_at <= arrived_at + interval '30 days') as visit_order_cnt
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
