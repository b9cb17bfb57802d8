{{ config(
    materialized='incremental_by_load', loads_of='app', post_hook="{{ add_provisional_people('ind_app_person_1d') }}"
) }}
-- depends_on: {{ ref('dim_customer') }}

-- Events of the app only: showroom, workshop and marketing tools send to the same collector.
-- The person behind the account counts first; before sign-in it is the person that the device is known to belong to.
-- Whoever OneID does not know yet has the id that their record would have alone: in a build of everything too, for
-- events may come between OneID and this model.
select
    event.event_id,
    event.event_name,
    coalesce(
        account.one_id,
        device.one_id,
        'P' || left(md5(coalesce('app.account:' || event.account_key, 'app.device:' || event.device_key)), 16)
    ) as one_id,
    event.account_key,
    event.device_key,
    event.session_id,
    event.occurred_at,
    {{ business_day('event.occurred_at') }} as occurred_on,
    event.load_id
from {{ ref('stg_app__event') }} as event
inner join {{ ref('event_type') }} as event_type
    on event.event_name = event_type.event_name and event_type.domain = 'app'
left join {{ ref('id_map') }} as account
    on event.account_key = account.source_key and account.source = 'app' and account.entity = 'account'
left join {{ ref('id_map') }} as device
    on event.device_key = device.source_key and device.source = 'app' and device.entity = 'device'
where {{ new_loads('event.load_id', 'app') }}
