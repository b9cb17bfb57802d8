{{ config(materialized='incremental', unique_key='record_no', touched_by='id_touched_record') }}

with said as (
    select touched.record_no, record.*
    from {{ ref('id_touched_record') }} as touched
    inner join {{ ref('id_source_record') }} as record on touched.record_key = record.record_key
),

named as (
    select
        *,
        coalesce(given_name, {{ given_name_of('full_name') }}) as typed_given_name,
        coalesce(family_name, {{ family_name_of('full_name') }}) as typed_family_name
    from said
)

select
    named.record_no,
    named.record_key,
    named.source,
    named.entity,
    named.source_key,
    named.first_seen_at,
    {{ age_of_record('named.first_seen_at', 'named.record_key') }} as age_no,
    named.is_test,
    replace({{ fold_text('named.typed_given_name') }}, ' ', '') as given_name,
    replace({{ fold_text('named.typed_family_name') }}, ' ', '') as family_name,
    {{ fold_text('named.organisation') }} as organisation,
    case when not born.is_default then born.birth_date end as birth_date,
    {{ gender_of('named.gender') }} as gender,
    {{ clean_email('named.email') }} as email,
    phone.phone,
    {{ fold_street('named.street') }} as street,
    {{ clean_postal_code('named.postal_code') }} as postal_code,
    {{ clean_code('named.national_id') }} as national_id,
    {{ clean_code('named.device_id') }} as device_id,
    {{ clean_vin('named.vin') }} as vin,
    {{ clean_code('named.crm_id') }} as crm_id,
    {{ clean_code('named.app_user_id') }} as app_user_id,
    named.full_name,
    named.typed_given_name,
    named.typed_family_name,
    named.organisation as typed_organisation,
    named.birth_date as typed_birth_date,
    named.gender as typed_gender,
    named.email as typed_email,
    named.phone as typed_phone,
    named.street as typed_street,
    named.city,
    named.region
from named
left join {{ ref('id_phone') }} as phone on {{ phone_digits('named.phone') }} = phone.phone_digits
left join {{ ref('id_birth_date') }} as born
    on named.source = born.source and named.birth_date = born.typed_birth_date
