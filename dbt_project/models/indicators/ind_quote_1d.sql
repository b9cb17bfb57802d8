-- Compiled from indicators/registry/quote.yml: edit there, then `forecourt indicators compile`.

select
    quoted_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(quote_id) as quote_cnt,
    cast(sum(quote_amt) as decimal(18, 4)) as quote_amt
from {{ ref('fct_quote') }}
where quoted_on is not null
group by
    quoted_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
