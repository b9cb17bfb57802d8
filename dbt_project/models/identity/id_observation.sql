-- Composite identifiers (a name with a birth date or a street) stand beside single ones: to the rules they are alike.
{{ config(materialized='incremental', unique_key='record_no', touched_by='id_touched_record') }}

{% set held = {
    'email': 'email',
    'phone': 'phone',
    'national_id': 'national_id',
    'device': 'device_id',
    'vin': 'vin',
    'crm_id': 'crm_id',
    'app_user_id': 'app_user_id',
    'name_birth': "given_name || '|' || family_name || '|' || birth_date",
    'name_street': "given_name || '|' || family_name || '|' || street || '|' || postal_code",
    'organisation': "organisation || '|' || postal_code",
} %}
{% set own_key = {
    'crm_lead': ('crm', 'lead'), 'crm_card': ('crm', 'card'), 'subscriber': ('marketing', 'subscriber'),
    'device': ('app', 'device')
} %}

with record as (
    select record.*
    from {{ ref('id_record') }} as record
    semi join {{ ref('id_touched_record') }} as touched on record.record_no = touched.record_no
    where not record.is_test  -- a test lead is nobody
),

observation as (
    {% for type, value in held.items() -%}
        select record_no, '{{ type }}' as identifier_type, {{ value }} as identifier_value, first_seen_at as seen_at
        from record
        where {{ value }} is not null
        union all
    {% endfor %}
    {% for type, (source, entity) in own_key.items() -%}
        select record_no, '{{ type }}', source_key, first_seen_at
        from record
        where source = '{{ source }}' and entity = '{{ entity }}'
        union all
    {% endfor %}
    select record.record_no, reference.identifier_type, reference.identifier_value, reference.seen_at
    from {{ ref('id_reference') }} as reference
    inner join record
        on
            reference.source = record.source
            and reference.entity = record.entity
            and reference.source_key = record.source_key
    where reference.identifier_value is not null
)

select record_no, identifier_type, identifier_value, min(seen_at) as first_seen_at
from observation
group by record_no, identifier_type, identifier_value
