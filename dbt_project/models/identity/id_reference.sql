-- What only a warehouse has. `vin` is a car, which several people hold and drive; `vin_holder` is a car within the
-- time that its holder has it: who uses it then uses the holder's car, not the one of the owner before or after.
{{ config(materialized='view') }}

{% if reads_file() %}
    select
        cast(null as varchar) as source,
        cast(null as varchar) as entity,
        cast(null as varchar) as source_key,
        cast(null as varchar) as identifier_type,
        cast(null as varchar) as identifier_value,
        cast(null as timestamp with time zone) as seen_at
    where false
{% else %}
    select
        'crm' as source,
        'card' as entity,
        card_id as source_key,
        'crm_lead' as identifier_type,
        lead_id as identifier_value,
        created_at as seen_at
    from {{ ref('stg_crm__card') }}
    where lead_id is not null
    union all
    select 'marketing', 'web_form', form_id, 'crm_lead', lead_id, submitted_at
    from {{ ref('stg_marketing__web_form') }}
    where lead_id is not null
    union all
    select 'marketing', 'web_form', form_id, 'subscriber', subscriber_id, submitted_at
    from {{ ref('stg_marketing__web_form') }}
    where subscriber_id is not null
    union all
    select 'marketing', 'web_form', form_id, 'device', device_key, submitted_at
    from {{ ref('stg_marketing__web_form') }}
    where device_key is not null
    union all
    select 'service', 'customer', cast(customer_no as varchar), 'crm_card', card_id, answered_at
    from {{ ref('stg_service__survey') }}
    where card_id is not null and customer_no is not null
    union all
    select 'app', 'account', account_key, 'device', device_key, first_seen_at
    from {{ ref('id_sign_in') }}
    where account_key is not null and device_key is not null
    union all
    select source, entity, source_key, 'vin', vin, held_from
    from {{ ref('id_vehicle_holder') }}
    union all
    select 'app', 'account', account_key, 'vin', vin, first_used_at
    from {{ ref('id_vehicle_use') }}
    union all
    select source, entity, source_key, 'vin_holder', vin, held_from
    from {{ ref('id_vehicle_holder') }}
    union all
    select 'app', 'account', car_use.account_key, 'vin_holder', car_use.vin, car_use.first_used_at
    from {{ ref('id_vehicle_use') }} as car_use
    semi join {{ ref('id_vehicle_holder') }} as holder
        on
            car_use.vin = holder.vin
            -- where the source does not say since when: whoever still drove it at the first visit came with it
            and case
                when holder.held_from is null then car_use.last_used_at >= holder.seen_from
                else car_use.first_used_at >= holder.held_from
            end
            and (holder.held_to is null or car_use.last_used_at < holder.held_to)
{% endif %}
