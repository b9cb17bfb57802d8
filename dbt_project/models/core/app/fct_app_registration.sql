with registration as (  -- the first counts: an account that registers twice is one account
    select * from {{ ref('stg_app__account_registered') }}
    where account_key is not null
    qualify row_number() over (partition by account_key order by occurred_at, event_id) = 1
)

select
    registration.account_key,
    registration.event_id,
    registration.device_key,
    person.one_id,
    registration.channel,
    registration.campaign_id,
    registration.occurred_at as registered_at,
    {{ business_day('registration.occurred_at') }} as registered_on
from registration
left join {{ ref('id_map') }} as person
    on registration.account_key = person.source_key and person.source = 'app' and person.entity = 'account'
