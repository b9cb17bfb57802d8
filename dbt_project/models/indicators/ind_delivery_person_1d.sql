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
    true as delivery_uv,
    bool_or(promised_on is not null) as delivery_promised_cnt,
    bool_or(promised_on is not null and is_on_time) as delivery_ontime_cnt,
    bool_or(is_financed) as delivery_fin_cnt,
    bool_or(is_insured) as delivery_ins_cnt,
    bool_or(is_trade_in) as delivery_tradein_cnt,
    bool_or(bound_at <= delivered_at + interval '90 days') as delivery_bound_cnt
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
