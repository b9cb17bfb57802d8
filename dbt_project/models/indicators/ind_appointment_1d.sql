-- Compiled from indicators/registry/appointment.yml: edit there, then `forecourt indicators compile`.

with conditioned as (
    select
        *,
        (kind = 'visit') as is_visit,
        (kind = 'test_drive') as is_test_drive
    from {{ ref('fct_appointment') }}
)

select
    scheduled_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id,
    count(appointment_id) filter (where is_visit) as appt_cnt,
    count(appointment_id) filter (where is_visit and is_shown is not null) as appt_past_cnt,
    count(appointment_id) filter (where is_visit and is_shown) as appt_show_cnt,
    count(appointment_id) filter (where is_test_drive) as td_appt_cnt,
    count(appointment_id) filter (
        where is_test_drive
        and is_shown is not null
    ) as td_appt_past_cnt,
    count(appointment_id) filter (where is_test_drive and is_shown) as td_appt_show_cnt
from conditioned
where scheduled_on is not null
group by
    scheduled_on,
    dealer_id,
    region_code,
    series_code,
    channel,
    advisor_id
