-- Compiled from indicators/registry/service.yml: edit there, then `forecourt indicators compile`.

with ranked as (
    select
        opened_on as stat_date,
        dealer_id,
        region_code,
        series_code,
        kind as ro_kind,
        vehicle_age_band,
        'svc_gap_days' as indicator_code,
        cast(date_sub('day', previous_opened_on, opened_on) as bigint) as value
    from {{ ref('fct_repair_order') }}
    where opened_on is not null
)

select
    stat_date,
    dealer_id,
    region_code,
    series_code,
    ro_kind,
    vehicle_age_band,
    indicator_code,
    value,
    count(*) as cnt
from ranked
where value >= 0
group by
    stat_date,
    dealer_id,
    region_code,
    series_code,
    ro_kind,
    vehicle_age_band,
    indicator_code,
    value
