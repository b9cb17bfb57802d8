-- What there is something to compare of: a device or an empty record agrees with nobody, a test is nobody. A value
-- that strangers share (a dealer's phone, a placeholder) is no evidence: guards hold for rules and scores alike.
{{ config(materialized='view') }}

select
    record.* replace (
        case when shared_email.reason is null then record.email end as email,
        case when shared_email.reason is null then record.typed_email end as typed_email,
        case when shared_phone.reason is null then record.phone end as phone,
        case when shared_phone.reason is null then record.typed_phone end as typed_phone
    )
from {{ ref('id_record') }} as record
left join {{ ref('id_shared_value') }} as shared_email
    on record.email = shared_email.identifier_value and shared_email.identifier_type = 'email'
left join {{ ref('id_shared_value') }} as shared_phone
    on record.phone = shared_phone.identifier_value and shared_phone.identifier_type = 'phone'
where
    not record.is_test
    and coalesce(
        record.full_name, record.typed_given_name, record.typed_family_name, record.typed_organisation, record.email,
        record.phone, record.national_id, record.crm_id, record.app_user_id
    ) is not null
