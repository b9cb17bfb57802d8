-- Compiled from indicators/registry/delivery.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_delivery') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    delivered_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    energy,
    person_no,
    true as delivery_uv
from fact
where delivered_on is not null
group by
    delivered_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    energy,
    person_no
