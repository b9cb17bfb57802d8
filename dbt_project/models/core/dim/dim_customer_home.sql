-- Where somebody is at home in the network: with the dealer of the newest car that they own, else with the dealer
-- whom they last asked.
with car as (
    select one_id, region_code, series_code from {{ ref('fct_ownership') }}
    where owned_to_on is null and one_id is not null
    qualify row_number() over (partition by one_id order by owned_from_on desc, vin asc) = 1
),

asked as (
    select one_id, region_code, created_at from {{ ref('fct_lead') }}
    where not is_test
    union all
    select one_id, region_code, created_at from {{ ref('fct_card') }}
),

last_asked as (
    select * from asked
    where one_id is not null and region_code is not null
    qualify row_number() over (partition by one_id order by created_at desc, region_code asc) = 1
)

select
    person.one_id,
    coalesce(car.region_code, last_asked.region_code) as home_region_code,
    car.series_code as owned_series_code,
    car.one_id is not null as is_owner
from {{ ref('dim_customer') }} as person
left join car on person.one_id = car.one_id
left join last_asked on person.one_id = last_asked.one_id
