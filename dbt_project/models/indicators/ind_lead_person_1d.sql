-- Compiled from indicators/registry/lead.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_lead') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    person_no,
    bool_or(is_counted) as lead_uv,
    bool_or(not is_test) as lead_raw_cnt,
    bool_or(is_counted and is_valid) as lead_valid_cnt,
    bool_or(is_counted and channel = 'referral') as ref_lead_cnt,
    bool_or(is_counted and visited_at <= created_at + interval '30 days') as lead_visit_cnt,
    bool_or(is_counted and test_drove_at <= created_at + interval '30 days') as lead_td_cnt,
    bool_or(is_counted and ordered_at <= created_at + interval '90 days') as lead_order_cnt,
    bool_or(is_counted and is_valid and carded_at <= created_at + interval '7 days') as lead_card_cnt,
    bool_or(is_counted and is_valid and invited_at <= created_at + interval '30 days') as lead_appt_cnt
from fact
where
    created_on is not null
    and (is_counted or not is_test)
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    person_no
