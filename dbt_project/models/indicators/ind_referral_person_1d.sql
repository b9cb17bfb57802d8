-- Compiled from indicators/registry/referral.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_referral') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.referrer_one_id = person.one_id
)

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    person_no,
    true as ref_uv
from fact
where created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    person_no
