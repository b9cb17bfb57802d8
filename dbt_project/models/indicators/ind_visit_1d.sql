-- Compiled from indicators/registry/visit.yml: edit there, then `forecourt indicators compile`.

select
    arrived_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(visit_id) as visit_cnt,
    count(visit_id) filter (where is_first_visit) as visit_new_cnt,
    count(visit_id) filter (where is_walk_in) as visit_walk_cnt,
    count(visit_id) filter (where is_walk_in and has_card) as visit_walk_card_cnt,
    count(visit_id) filter (where has_test_drive) as visit_td_cnt,
    count(visit_id) filter (
        where ordered_at <= arrived_at + interval '30 days'
    ) as visit_order_cnt
from {{ ref('fct_visit') }}
where arrived_on is not null
group by
    arrived_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
