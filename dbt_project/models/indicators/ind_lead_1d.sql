-- Compiled from indicators/registry/lead.yml: edit there, then `forecourt indicators compile`.

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id,
    count(lead_id) filter (where not is_test) as lead_raw_cnt,
    count(lead_id) filter (where is_counted) as lead_cnt,
    count(lead_id) filter (where is_counted and is_valid) as lead_valid_cnt,
    count(lead_id) filter (where is_counted and channel = 'referral') as ref_lead_cnt,
    count(lead_id) filter (
        where is_counted
        and visited_at <= created_at + interval '30 days'
    ) as lead_visit_cnt,
    count(lead_id) filter (
        where is_counted
        and test_drove_at <= created_at + interval '30 days'
    ) as lead_td_cnt,
    count(lead_id) filter (
        where is_counted
        and ordered_at <= created_at + interval '90 days'
    ) as lead_order_cnt,
    count(lead_id) filter (
        where is_counted
        and is_valid
        and carded_at <= created_at + interval '7 days'
    ) as lead_card_cnt,
    count(lead_id) filter (
        where is_counted
        and is_valid
        and invited_at <= created_at + interval '30 days'
    ) as lead_appt_cnt
from {{ ref('fct_lead') }}
where created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    campaign_id,
    advisor_id
