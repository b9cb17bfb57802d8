-- Compiled from indicators/registry/service.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_repair_order') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    opened_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    kind as ro_kind,
    vehicle_age_band,
    person_no,
    true as svc_uv,
    bool_or(is_at_selling_dealer is not null) as svc_sold_cnt,
    bool_or(is_at_selling_dealer) as svc_same_cnt
from fact
where opened_on is not null
group by
    opened_on,
    dealer_id,
    region_code,
    series_code,
    kind,
    vehicle_age_band,
    person_no
