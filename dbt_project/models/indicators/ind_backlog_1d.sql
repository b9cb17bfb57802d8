-- Compiled from indicators/registry/backlog.yml: edit there, then `forecourt indicators compile`.

select
    stat_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    energy,
    cast(sum(backlog_qty) as bigint) as backlog_qty
from {{ ref('fct_backlog_day') }}
where stat_on is not null
group by
    stat_on,
    dealer_id,
    region_code,
    series_code,
    energy
