with registration as (  -- an account that registers twice keeps what it said first
    select * from {{ ref('stg_app__account_registered') }}
    where account_key is not null
    qualify row_number() over (partition by account_key order by occurred_at, event_id) = 1
),

account as (
    select account_key, min(first_seen_at) as first_seen_at
    from {{ ref('id_sign_in') }}
    where account_key is not null
    group by account_key
),

device as (
    select device_key, min(first_seen_at) as first_seen_at
    from {{ ref('id_sign_in') }}
    where device_key is not null
    group by device_key
),

record as (
    select
        'crm' as source, 'lead' as entity, lead_id as source_key, created_at as first_seen_at,
        given_name, family_name, cast(null as varchar) as organisation, cast(null as date) as birth_date,
        email, phone_digits, cast(null as varchar) as street, postal_code, cast(null as varchar) as city, is_test
    from {{ ref('stg_crm__lead') }}
    union all
    select
        'crm', 'card', card_id, created_at, given_name, family_name, organisation, birth_date,
        email, phone_digits, street, postal_code, city, false
    from {{ ref('stg_crm__card') }}
    union all
    select
        'service', 'customer', cast(customer_no as varchar), created_at, given_name, family_name, organisation,
        birth_date, email, phone_digits, street, postal_code, city, false
    from {{ ref('stg_service__customer') }}
    union all
    select
        'marketing', 'subscriber', subscriber_id, subscribed_at, given_name, family_name, null, null,
        email, phone_digits, null, postal_code, null, false
    from {{ ref('stg_marketing__subscriber') }}
    union all
    select
        'marketing', 'web_form', form_id, submitted_at, given_name, family_name, null, null,
        email, phone_digits, null, postal_code, null, false
    from {{ ref('stg_marketing__web_form') }}
    union all
    select
        'app', 'account', account.account_key, account.first_seen_at, registration.given_name,
        registration.family_name, null, null, registration.email, registration.phone_digits, null, null, null, false
    from account
    left join registration on account.account_key = registration.account_key
    union all
    select
        'app', 'device', device_key, first_seen_at, null, null, null, null, null, null, null, null, null, false
    from device
),

default_date as (  -- a date on more than one record in a thousand is what a form was filled with, nobody's birthday
    select birth_date
    from record
    where birth_date is not null
    group by birth_date
    having
        count(*) >= 20
        and count(*) > {{ var('id_max_share_of_birth_date') }}
        * (select count(everyone.birth_date) from record as everyone)
)

select
    row_number() over (order by record.first_seen_at, record.source, record.entity, record.source_key) - 1
        as record_no,
    record.source || '.' || record.entity || ':' || record.source_key as record_key,
    record.source,
    record.entity,
    record.source_key,
    record.first_seen_at,
    replace({{ fold_text('record.given_name') }}, ' ', '') as given_name,
    replace({{ fold_text('record.family_name') }}, ' ', '') as family_name,
    {{ fold_text('record.organisation') }} as organisation,
    case when default_date.birth_date is null then record.birth_date end as birth_date,
    record.email,
    phone.phone,
    {{ fold_street('record.street') }} as street,
    record.postal_code,
    record.is_test,
    record.given_name as typed_given_name,
    record.family_name as typed_family_name,
    record.organisation as typed_organisation,
    record.birth_date as typed_birth_date,
    record.street as typed_street,
    record.city
from record
left join {{ ref('id_phone') }} as phone on record.phone_digits = phone.phone_digits
left join default_date on record.birth_date = default_date.birth_date
