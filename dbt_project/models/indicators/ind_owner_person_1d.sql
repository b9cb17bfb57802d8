-- Compiled from indicators/registry/owner.yml: edit there, then `forecourt indicators compile`.

with fact as (
    select
        fact.*,
        person.person_no
    from {{ ref('fct_owner_month') }} as fact
    inner join {{ ref('dim_customer') }} as person on fact.one_id = person.one_id
)

select
    stat_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    vehicle_age_band,
    person_no,
    true as owner_qty,
    bool_or(is_app_active_30d) as owner_app_qty,
    bool_or(is_serviced_12m) as owner_svc_qty,
    bool_or(not is_serviced_12m) as owner_lost_qty,
    bool_or(has_reordered_36m) as owner_rebuy_qty
from fact
where stat_on is not null
group by
    stat_on,
    dealer_id,
    region_code,
    series_code,
    vehicle_age_band,
    person_no
