with binding as (  -- the first time that an account bound the car
    select * from {{ ref('stg_app__vehicle_bound') }}
    where vin is not null and account_key is not null
    qualify row_number() over (partition by vin, account_key order by occurred_at, event_id) = 1
)

select
    binding.vin,
    binding.account_key,
    person.one_id,
    vehicle.series_code,
    vehicle.selling_dealer_id as dealer_id,
    dealer.region_code,
    binding.occurred_at as bound_at,
    {{ business_day('binding.occurred_at') }} as bound_on
from binding
left join {{ ref('id_map') }} as person
    on binding.account_key = person.source_key and person.source = 'app' and person.entity = 'account'
left join {{ ref('dim_vehicle') }} as vehicle on binding.vin = vehicle.vin
left join {{ ref('dim_dealer') }} as dealer on vehicle.selling_dealer_id = dealer.dealer_id
