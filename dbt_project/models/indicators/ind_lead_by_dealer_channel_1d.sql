-- Compiled from indicators/registry/lead.yml: edit there, then `forecourt indicators compile`.

select
    stat_date,
    dealer_id,
    channel,
    cast(sum(lead_raw_cnt) as bigint) as lead_raw_cnt,
    cast(sum(lead_cnt) as bigint) as lead_cnt,
    cast(sum(lead_valid_cnt) as bigint) as lead_valid_cnt,
    cast(sum(ref_lead_cnt) as bigint) as ref_lead_cnt,
    cast(sum(lead_visit_cnt) as bigint) as lead_visit_cnt,
    cast(sum(lead_td_cnt) as bigint) as lead_td_cnt,
    cast(sum(lead_order_cnt) as bigint) as lead_order_cnt,
    cast(sum(lead_card_cnt) as bigint) as lead_card_cnt,
    cast(sum(lead_appt_cnt) as bigint) as lead_appt_cnt
from {{ ref('ind_lead_1d') }}
group by
    stat_date,
    dealer_id,
    channel
