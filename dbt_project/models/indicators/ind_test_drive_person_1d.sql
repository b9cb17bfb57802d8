-- Compiled from indicators/registry/test_drive.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_test_drive') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    driven_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    person_no,
    true as td_uv,
    bool_or(quoted_at <= driven_at + interval '30 days') as td_quote_uv,
    bool_or(score is not null) as td_scored_cnt,
    bool_or(ordered_at <= driven_at + interval '30 days') as td_order_cnt
from fact
where driven_on is not null
group by
    driven_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    person_no
