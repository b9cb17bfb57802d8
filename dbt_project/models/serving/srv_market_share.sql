{#- `all_total` counts every new car, `electric_total` the electric ones; brands are published beside each. -#}
with brand as (
    select
        country,
        region_code,
        period,
        month_on,
        grain,
        case measure when 'all_by_brand' then 'all' when 'electric_by_model' then 'electric' end as market,
        brand,
        sum(units) as units
    from {{ ref('fct_registration') }}
    where measure in ('all_by_brand', 'electric_by_model')
    group by country, region_code, period, month_on, grain, measure, brand
),

total as (
    select
        country,
        region_code,
        period,
        case measure when 'all_total' then 'all' when 'electric_total' then 'electric' end as market,
        sum(units) as total_units
    from {{ ref('fct_registration') }}
    where measure in ('all_total', 'electric_total')
    group by country, region_code, period, measure
)

select
    brand.country,
    brand.region_code,
    brand.period,
    brand.month_on,
    brand.grain,
    brand.market,
    brand.brand,
    cast(brand.units as bigint) as units,
    cast(coalesce(total.total_units, sum(brand.units) over brands) as bigint) as total_units,
    total.total_units is not null as is_published_total,
    brand.units / nullif(coalesce(total.total_units, sum(brand.units) over brands), 0) as share
from brand
left join total
    on
        brand.country = total.country
        and brand.region_code = total.region_code
        and brand.period = total.period
        and brand.market = total.market
window brands as (partition by brand.country, brand.region_code, brand.period, brand.market)
