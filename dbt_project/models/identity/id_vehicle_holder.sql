{{ config(enabled=not reads_file()) }}

with holder as (
    select
        'crm' as source,
        'card' as entity,
        card_id as source_key,
        vin,
        delivered_at as held_from,
        cast(null as timestamp with time zone) as held_to
    from {{ ref('stg_crm__delivery') }}
    where vin is not null and card_id is not null and not is_deleted
    union all
    select
        'service',
        'customer',
        cast(customer_no as varchar),
        vin,
        cast(owned_from as timestamp) at time zone '{{ var("business_time_zone") }}',
        cast(owned_to as timestamp) at time zone '{{ var("business_time_zone") }}'
    from {{ ref('stg_service__vehicle') }}
    where vin is not null and customer_no is not null
)

select
    source,
    entity,
    source_key,
    vin,
    min(held_from) as held_from,
    -- held still, where one row says so
    case when count(held_to) = count(*) then max(held_to) end as held_to
from holder
group by source, entity, source_key, vin
