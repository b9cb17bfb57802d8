-- Compiled from indicators/registry/stock.yml: edit there, then `forecourt indicators compile`.

select
    stat_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    energy,
    cast(sum(stock_qty) as bigint) as stock_qty,
    cast(sum(stock_qty) filter (where is_aged) as bigint) as stock_aged_qty
from {{ ref('fct_stock_day') }}
where stat_on is not null
group by
    stat_on,
    dealer_id,
    region_code,
    series_code,
    energy
