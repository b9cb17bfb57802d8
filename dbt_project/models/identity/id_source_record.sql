-- As the source typed it: cleaning is id_record's. A view, so that a build parses the names of what changed and no
-- others.
{{ config(materialized='view') }}

{% set person = {
    'full_name': 'full_name', 'email': 'email', 'phone': 'phone_digits', 'postal_code': 'postal_code'
} %}
{% set names = {'given_name': 'given_name', 'family_name': 'family_name'} %}
{% set home = {'street': 'street', 'city': 'city', 'organisation': 'organisation', 'birth_date': 'birth_date'} %}

with
{% if not reads_file() %}
    registration as (  -- an account that registers twice keeps what it said first
        select * from {{ ref('stg_app__account_registered') }}
        where account_key is not null
        qualify row_number() over (partition by account_key order by occurred_at, event_id) = 1
    ),

    account as (
        select
            sign_in.account_key,
            min(sign_in.first_seen_at) as first_seen_at,
            any_value(registration.full_name) as full_name,
            any_value(registration.email) as email,
            any_value(registration.phone_digits) as phone_digits
        from {{ ref('id_sign_in') }} as sign_in
        left join registration on sign_in.account_key = registration.account_key
        where sign_in.account_key is not null
        group by sign_in.account_key
    ),

    device as (
        select device_key, min(first_seen_at) as first_seen_at
        from {{ ref('id_sign_in') }}
        where device_key is not null
        group by device_key
    ),

{% endif %}
record as (
    {% if reads_file() %}
        {% set said = {} %}
        {% for column in record_columns() %}{% do said.update({column: column}) %}{% endfor %}
        {% set file = ref('stg_identity__record') %}
        {{ source_record('source', 'record', 'record_id', 'to_timestamp(0)', file, said) }}
    {% else %}
        {% set lead = ref('stg_crm__lead') %}
        {{ source_record("'crm'", 'lead', 'lead_id', 'created_at', lead, person, 'coalesce(is_test, false)') }}
        union all
        {% set card = dict(person, **names) %}{% do card.update(home) %}{% do card.pop('full_name') %}
        {{ source_record("'crm'", 'card', 'card_id', 'created_at', ref('stg_crm__card'), card) }}
        union all
        {% set customer = dict(person, **home) %}
        {% do customer.update({'full_name': 'case when organisation is null then full_name end'}) %}
        {% set workshop = ref('stg_service__customer') %}
        {{ source_record("'service'", 'customer', 'customer_no', 'created_at', workshop, customer) }}
        union all
        {% set subscriber = dict(person, **names) %}{% do subscriber.pop('full_name') %}
        {% set list = ref('stg_marketing__subscriber') %}
        {{ source_record("'marketing'", 'subscriber', 'subscriber_id', 'subscribed_at', list, subscriber) }}
        union all
        {% set form = ref('stg_marketing__web_form') %}
        {{ source_record("'marketing'", 'web_form', 'form_id', 'submitted_at', form, person) }}
        union all
        {% set app = {'full_name': 'full_name', 'email': 'email', 'phone': 'phone_digits'} %}
        {{ source_record("'app'", 'account', 'account_key', 'first_seen_at', 'account', app) }}
        union all
        {{ source_record("'app'", 'device', 'device_key', 'first_seen_at', 'device', {}) }}
    {% endif %}
)

select source || '.' || entity || ':' || source_key as record_key, *
from record
where source_key is not null
