with record as (
    select person.one_id, record.*
    from {{ ref('id_map') }} as person
    inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
)

select
    record.one_id,
    any_value(person.person_no) as person_no,
    min(first_seen_at) as first_seen_at,
    {{ business_day('min(first_seen_at)') }} as first_seen_on,
    arg_min(source || '.' || entity, age_no) as first_seen_in,
    count(*) as record_cnt,
    count(distinct source) as source_cnt,
    bool_or(organisation is not null) as is_company,
    bool_or(email is not null) as has_email,
    bool_or(phone is not null) as has_phone,
    bool_or(entity = 'lead') as is_in_crm_leads,
    bool_or(entity = 'card') as has_card,
    bool_or(entity = 'account') as has_app_account,
    bool_or(entity = 'customer') as is_in_workshop,
    bool_or(entity = 'subscriber') as is_subscriber,
    bool_and(is_test) as is_test,
    -- a device that nobody signed in on, and a record with no name and no contact, stand for somebody unknown
    bool_and(given_name is null and organisation is null and email is null and phone is null) as is_anonymous
from record
inner join {{ ref('id_person') }} as person on record.one_id = person.one_id
group by record.one_id
