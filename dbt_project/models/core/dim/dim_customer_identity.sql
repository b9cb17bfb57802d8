-- The golden record: for each attribute the value that survives, where it came from and when that record said so.
{% set attributes = {
    'given_name': 'typed_given_name', 'family_name': 'typed_family_name', 'organisation': 'typed_organisation',
    'birth_date': 'birth_date', 'email': 'email', 'phone': 'phone'
} %}
{% set compared = {'given_name': 'given_name', 'family_name': 'family_name', 'organisation': 'organisation'} %}

with changed as (  -- the last word of records that are corrected in place; the others spoke once
    select 'crm.card:' || card_id as record_key, updated_at from {{ ref('stg_crm__card') }}
    union all
    select 'crm.lead:' || lead_id, updated_at from {{ ref('stg_crm__lead') }}
    union all
    select 'marketing.subscriber:' || subscriber_id, updated_at from {{ ref('stg_marketing__subscriber') }}
),

record as (  -- n:1, a value that strangers share is nobody's
    select
        person.one_id,
        record.record_key,
        {{ source_trust('record.source', 'record.entity') }} as trust,
        coalesce(changed.updated_at, record.first_seen_at) as said_at,
        record.given_name,
        record.family_name,
        record.organisation,
        record.typed_given_name,
        record.typed_family_name,
        record.typed_organisation,
        record.birth_date,
        case when shared_email.identifier_value is null then record.email end as email,
        case when shared_phone.identifier_value is null then record.phone end as phone,
        case
            when record.typed_street is not null or record.postal_code is not null
                then struct_pack(street := record.typed_street, postal_code := record.postal_code, city := record.city)
        end as address
    from {{ ref('id_map') }} as person
    inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
    left join changed on record.record_key = changed.record_key
    left join {{ ref('id_shared_value') }} as shared_email
        on record.email = shared_email.identifier_value and shared_email.identifier_type = 'email'
    left join {{ ref('id_shared_value') }} as shared_phone
        on record.phone = shared_phone.identifier_value and shared_phone.identifier_type = 'phone'
    where record.entity <> 'device'
),

weighed as (
    select
        *,
        {% for attribute in attributes if customer_survivorship(attribute) == 'most_frequent' -%}
            count(*) over (partition by one_id, {{ compared.get(attribute, attribute) }}) as {{ attribute }}_freq,
        {% endfor -%}
        address.street is null as is_address_short
    from record
),

survived as (
    select
        one_id,
        {% for attribute, value in attributes.items() -%}
            {{ survivor(attribute, value) }} as {{ attribute }},
        {% endfor -%}
        -- street, postal code and city of one record; one without a street only where no record has one
        coalesce(
            {{ survivor('address', 'case when not is_address_short then address end') }},
            {{ survivor('address', 'address') }}
        ) as address
    from weighed
    group by one_id
)

select
    {% for attribute in attributes -%}
        survived.{{ attribute }}.value as {{ attribute }},
        survived.{{ attribute }}.record_key as {{ attribute }}_record_key,
        survived.{{ attribute }}.said_at as {{ attribute }}_said_at,
    {% endfor -%}
    {% for part in ['street', 'postal_code', 'city'] -%}
        survived.address.value.{{ part }} as {{ part }},  -- noqa: AL09
        case when survived.address.value.{{ part }} is not null then survived.address.record_key end
            as {{ part }}_record_key,
        case when survived.address.value.{{ part }} is not null then survived.address.said_at end as {{ part }}_said_at,
    {% endfor -%}
    survived.one_id
from survived
