-- Compiled from indicators/registry/card.yml: edit there, then `forecourt indicators compile`.

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(card_id) as card_cnt
from {{ ref('fct_card') }}
where created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
