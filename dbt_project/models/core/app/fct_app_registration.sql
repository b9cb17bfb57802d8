with registration as (  -- the first counts: an account that registers twice is one account
    select * from {{ ref('stg_app__account_registered') }}
    where account_key is not null
    qualify row_number() over (partition by account_key order by occurred_at, event_id) = 1
),

dated as (
    select *, {{ business_day('occurred_at') }} as registered_on from registration
),

activity as (
    select distinct account_key, occurred_on from {{ ref('fct_app_event') }} where account_key is not null
),

came_back as (
    select
        dated.account_key,
        max(activity.occurred_on) filter (where activity.occurred_on = dated.registered_on + 1) as active_d1_on,
        max(activity.occurred_on) filter (where activity.occurred_on = dated.registered_on + 7) as active_d7_on,
        max(activity.occurred_on) filter (where activity.occurred_on = dated.registered_on + 30) as active_d30_on
    from dated
    inner join activity
        on
            dated.account_key = activity.account_key
            and activity.occurred_on between dated.registered_on + 1 and dated.registered_on + 30
    group by dated.account_key
)

select
    registration.account_key,
    registration.event_id,
    registration.device_key,
    person.one_id,
    registration.channel,
    registration.campaign_id,
    home.home_region_code,
    home.is_owner,
    registration.occurred_at as registered_at,
    registration.registered_on,
    came_back.active_d1_on,
    came_back.active_d7_on,
    came_back.active_d30_on
from dated as registration
left join {{ ref('id_map') }} as person
    on registration.account_key = person.source_key and person.source = 'app' and person.entity = 'account'
left join {{ ref('dim_customer_home') }} as home on person.one_id = home.one_id
left join came_back on registration.account_key = came_back.account_key
