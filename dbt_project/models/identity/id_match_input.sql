-- What there is something to compare of: a device or an empty record agrees with nobody, a test is nobody. A value
-- that strangers share (a dealer's phone, a placeholder) is no evidence, nor is the birth date that a form was filled
-- with: guards hold for rules and scores alike.
{{ config(materialized='view') }}
{% set guarded = {
    'email': 'email', 'phone': 'phone', 'national_id': 'national_id', 'device_id': 'device', 'vin': 'vin',
    'crm_id': 'crm_id', 'app_user_id': 'app_user_id'
} %}

select
    record.* replace (
        {% for column, type in guarded.items() -%}
            case when shared_{{ type }}.reason is null then record.{{ column }} end as {{ column }},
        {% endfor -%}
        case when shared_email.reason is null then record.typed_email end as typed_email,
        case when shared_phone.reason is null then record.typed_phone end as typed_phone,
        case when not coalesce(born.is_default, false) then record.typed_birth_date end as typed_birth_date
    )
from {{ ref('id_record') }} as record
{% for column, type in guarded.items() -%}
    left join {{ ref('id_shared_value') }} as shared_{{ type }}
        on record.{{ column }} = shared_{{ type }}.identifier_value and shared_{{ type }}.identifier_type = '{{ type }}'
{% endfor -%}
left join {{ ref('id_birth_date') }} as born
    on record.source = born.source and record.typed_birth_date = born.typed_birth_date
where
    not record.is_test
    and coalesce(
        record.full_name, record.typed_given_name, record.typed_family_name, record.typed_organisation, record.email,
        record.phone, record.national_id, record.crm_id, record.app_user_id
        {%- if reads_file() %}, record.street{% endif %}  -- a file of places; in a warehouse a place is nobody
    ) is not null
