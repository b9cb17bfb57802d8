{{ config(enabled=not reads_file()) }}

with visit as (
    select vin, customer_no, min(opened_at) as seen_from
    from {{ ref('stg_service__repair_order') }}
    group by vin, customer_no
),

holder as (
    select
        'crm' as source,
        'card' as entity,
        card_id as source_key,
        vin,
        delivered_at as held_from,
        cast(null as timestamp with time zone) as held_to,
        delivered_at as seen_from
    from {{ ref('stg_crm__delivery') }}
    where vin is not null and card_id is not null and not is_deleted
    union all
    select
        'service',
        'customer',
        cast(vehicle.customer_no as varchar),
        vehicle.vin,
        cast(vehicle.owned_from as timestamp) at time zone '{{ var("business_time_zone") }}',
        cast(vehicle.owned_to as timestamp) at time zone '{{ var("business_time_zone") }}',
        visit.seen_from
    from {{ ref('stg_service__vehicle') }} as vehicle
    left join visit on vehicle.vin = visit.vin and vehicle.customer_no = visit.customer_no
    where vehicle.vin is not null and vehicle.customer_no is not null
)

select
    source,
    entity,
    source_key,
    vin,
    min(held_from) as held_from,
    -- held still, where one row says so
    case when count(held_to) = count(*) then max(held_to) end as held_to,
    min(seen_from) as seen_from
from holder
group by source, entity, source_key, vin
