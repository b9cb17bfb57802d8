-- Compiled from indicators/registry/lead_handling.yml: edit there, then `forecourt indicators compile`.

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(lead_id) filter (where assigned_at is not null) as lead_assign_cnt,
    count(lead_id) filter (
        where assigned_at is not null
        and first_contact_at <= assigned_at + interval '30 minutes'
    ) as lead_resp30_cnt,
    count(lead_id) filter (
        where assigned_at is not null
        and first_contact_at <= assigned_at + interval '2 days'
    ) as lead_follow_cnt,
    count(lead_id) filter (where first_contact_at is not null) as lead_contact_cnt,
    count(lead_id) filter (where first_contact_at is not null and is_reached) as lead_reach_cnt,
    count(lead_id) filter (where status in ('won', 'lost')) as lead_closed_cnt,
    count(lead_id) filter (where status = 'lost') as lead_lost_cnt,
    count(lead_id) filter (
        where status = 'lost'
        and lost_reason in ('no_contact', 'advisor_decision')
    ) as lead_lost_subj_cnt
from {{ ref('fct_lead') }}
where
    is_counted
    and created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
