-- Compiled from indicators/registry/lead_handling.yml: edit there, then `forecourt indicators compile`.

with ranked as (
    select
        created_on as stat_date,
        dealer_id,
        region_code,
        series_code,
        channel,
        advisor_id,
        'lead_assign_min' as indicator_code,
        cast(date_sub('minute', created_at, assigned_at) as bigint) as value
    from {{ ref('fct_lead') }}
    where
        is_counted
        and created_on is not null
    union all
    select
        created_on as stat_date,
        dealer_id,
        region_code,
        series_code,
        channel,
        advisor_id,
        'lead_resp_min' as indicator_code,
        cast(date_sub('minute', assigned_at, first_contact_at) as bigint) as value
    from {{ ref('fct_lead') }}
    where
        is_counted
        and created_on is not null
    union all
    select
        created_on as stat_date,
        dealer_id,
        region_code,
        series_code,
        channel,
        advisor_id,
        'lead_resp_p90_min' as indicator_code,
        cast(date_sub('minute', assigned_at, first_contact_at) as bigint) as value
    from {{ ref('fct_lead') }}
    where
        is_counted
        and created_on is not null
)

select
    stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    indicator_code,
    value,
    count(*) as cnt
from ranked
where value >= 0
group by
    stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    indicator_code,
    value
