-- A browser is somebody's when a form was sent from it; the last form counts. All others count as a visitor each,
-- under a negative number, so that they are never taken for a person.
with sender as (
    select
        device_key,
        arg_max(one_id, submitted_at) as one_id
    from {{ ref('fct_web_form') }}
    where device_key is not null and one_id is not null
    group by device_key
)

select
    session.session_id,
    session.device_key,
    sender.one_id,
    coalesce(person.person_no, {{ number_of_text('session.device_key') }}) as person_no,
    session.campaign_id,
    session.channel,
    session.series_code,
    session.page_cnt,
    session.started_at,
    {{ business_day('session.started_at') }} as started_on
from {{ ref('stg_marketing__site_session') }} as session
left join sender on session.device_key = sender.device_key
left join {{ ref('dim_customer') }} as person on sender.one_id = person.one_id
