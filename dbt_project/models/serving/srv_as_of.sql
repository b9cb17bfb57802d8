with last_day as (
    select 'crm' as source, max(created_on) as last_on from {{ ref('fct_lead') }}
    union all
    select 'crm' as source, max(created_on) as last_on from {{ ref('fct_card') }}
    union all
    select 'crm' as source, max(arrived_on) as last_on from {{ ref('fct_visit') }}
    union all
    select 'crm' as source, max(driven_on) as last_on from {{ ref('fct_test_drive') }}
    union all
    select 'crm' as source, max(ordered_on) as last_on from {{ ref('fct_order') }}
    union all
    select 'crm' as source, max(delivered_on) as last_on from {{ ref('fct_delivery') }}
    union all
    select 'app' as source, max(occurred_on) as last_on from {{ ref('fct_app_event') }}
    union all
    select 'marketing' as source, max(stat_on) as last_on from {{ ref('fct_campaign_day') }}
    union all
    select 'service' as source, max(opened_on) as last_on from {{ ref('fct_repair_order') }}
    union all
    select 'service' as source, max(answered_on) as last_on from {{ ref('fct_survey') }}
    union all
    select 'service' as source, max(reported_on) as last_on from {{ ref('fct_warranty_claim') }}
    union all
    select 'market' as source, max(month_on) as last_on from {{ ref('fct_registration') }}
)

select
    source,
    max(last_on) as as_of_on
from last_day
group by source
