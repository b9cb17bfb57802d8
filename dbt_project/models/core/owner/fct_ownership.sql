-- The handover says who bought the car new, the workshop who brings it in. An owner's time ends when the workshop
-- says so or when the next owner's begins.
with claim as (
    select vin, one_id, dealer_id, delivered_on as owned_from_on, cast(null as date) as owned_to_on
    from {{ ref('fct_delivery') }}
    union all
    select
        car.vin,
        person.one_id,
        customer.dealer_id,
        coalesce(car.owned_from, car.first_registered_on, car.produced_on),
        car.owned_to
    from {{ ref('stg_service__vehicle') }} as car
    inner join {{ ref('stg_service__customer') }} as customer on car.customer_no = customer.customer_no
    inner join {{ ref('id_map') }} as person
        on
            cast(car.customer_no as varchar) = person.source_key
            and person.source = 'service' and person.entity = 'customer'
    where not customer.is_deleted
),

owner as (
    select
        vin,
        one_id,
        arg_min(dealer_id, owned_from_on) as dealer_id,
        min(owned_from_on) as owned_from_on,
        max(owned_to_on) as owned_to_on
    from claim
    where vin is not null and one_id is not null and owned_from_on is not null
    group by vin, one_id
),

followed as (
    select
        *,
        lead(owned_from_on) over (partition by vin order by owned_from_on, one_id) as next_from_on
    from owner
)

select
    followed.vin,
    followed.one_id,
    coalesce(car.selling_dealer_id, followed.dealer_id) as dealer_id,
    dealer.region_code,
    car.series_code,
    coalesce(car.delivered_on, car.first_registered_on) as first_registered_on,
    followed.owned_from_on,
    least(
        coalesce(followed.owned_to_on, followed.next_from_on), coalesce(followed.next_from_on, followed.owned_to_on)
    ) as owned_to_on
from followed
left join {{ ref('dim_vehicle') }} as car on followed.vin = car.vin
left join {{ ref('dim_dealer') }} as dealer on coalesce(car.selling_dealer_id, followed.dealer_id) = dealer.dealer_id
