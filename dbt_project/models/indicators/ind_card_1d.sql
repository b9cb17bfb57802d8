-- Compiled from indicators/registry/card.yml: edit there, then `forecourt indicators compile`.

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(card_id) as card_cnt,
    count(card_id) filter (where lead_created_at is not null) as card_lead_cnt,
    count(card_id) filter (
        where lead_created_at is not null
        and created_at <= lead_created_at + interval '24 hours'
    ) as card_ontime_cnt
from {{ ref('fct_card') }}
where created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
