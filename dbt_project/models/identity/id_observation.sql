-- Composite identifiers (a name with a birth date or a street) stand beside single ones: to the rules they are alike.
{% set single = ['email', 'phone'] %}

with record as (
    select * from {{ ref('id_record') }} where not is_test  -- a test lead is nobody
),

held as (
    {% for type in single %}
        select record_no, '{{ type }}' as identifier_type, {{ type }} as identifier_value, first_seen_at as seen_at
        from record
        union all
    {% endfor %}
    select record_no, 'name_birth', given_name || '|' || family_name || '|' || birth_date, first_seen_at
    from record
    union all
    select
        record_no,
        'name_street',
        given_name || '|' || family_name || '|' || street || '|' || postal_code,
        first_seen_at
    from record
    union all
    select record_no, 'organisation', organisation || '|' || postal_code, first_seen_at
    from record
    union all
    select record_no, 'crm_lead', source_key, first_seen_at
    from record
    where source = 'crm' and entity = 'lead'
    union all
    select record_no, 'crm_card', source_key, first_seen_at
    from record
    where source = 'crm' and entity = 'card'
    union all
    select record_no, 'subscriber', source_key, first_seen_at
    from record
    where source = 'marketing' and entity = 'subscriber'
    union all
    select record_no, 'device', source_key, first_seen_at
    from record
    where source = 'app' and entity = 'device'
),

named as (  -- one record names another, or a thing that both are known to have
    select
        'crm' as source,
        'card' as entity,
        card_id as source_key,
        'crm_lead' as identifier_type,
        lead_id as identifier_value,
        created_at as seen_at
    from {{ ref('stg_crm__card') }}
    union all
    select 'marketing', 'web_form', form_id, 'crm_lead', lead_id, submitted_at
    from {{ ref('stg_marketing__web_form') }}
    union all
    select 'marketing', 'web_form', form_id, 'subscriber', subscriber_id, submitted_at
    from {{ ref('stg_marketing__web_form') }}
    union all
    select 'marketing', 'web_form', form_id, 'device', device_key, submitted_at
    from {{ ref('stg_marketing__web_form') }}
    union all
    select 'service', 'customer', cast(customer_no as varchar), 'crm_card', card_id, answered_at
    from {{ ref('stg_service__survey') }}
    union all
    select 'app', 'account', account_key, 'device', device_key, first_seen_at
    from {{ ref('id_sign_in') }}
    union all
    select 'crm', 'card', card_id, 'vin', vin, delivered_at
    from {{ ref('stg_crm__delivery') }}
    union all
    select
        'service',
        'customer',
        cast(vehicle.customer_no as varchar),
        'vin',
        vehicle.vin,
        cast(vehicle.owned_from as timestamp) at time zone '{{ var("business_time_zone") }}'
    from {{ ref('stg_service__vehicle') }} as vehicle
    union all
    select 'app', 'account', account_key, 'vin', vin, occurred_at
    from {{ ref('stg_app__vehicle_bound') }}
),

observation as (
    select record_no, identifier_type, identifier_value, seen_at
    from held
    where identifier_value is not null
    union all
    select record.record_no, named.identifier_type, named.identifier_value, named.seen_at
    from named
    inner join record
        on named.source = record.source and named.entity = record.entity and named.source_key = record.source_key
    where named.identifier_value is not null
)

select
    record_no,
    identifier_type,
    identifier_value,
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at
from observation
group by record_no, identifier_type, identifier_value
