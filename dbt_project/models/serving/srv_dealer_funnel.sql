with cohort as (
    select
        stat_date as cohort_on,
        dealer_id,
        region_code,
        sum(fnl_lead_cnt) as lead_cnt,
        sum(fnl_card_cnt) as card_cnt,
        sum(fnl_visit_cnt) as visit_cnt,
        sum(fnl_td_cnt) as test_drive_cnt,
        sum(fnl_order_cnt) as order_cnt,
        sum(fnl_delivery_cnt) as delivery_cnt
    from {{ ref('ind_funnel_1d') }}
    group by stat_date, dealer_id, region_code
),

step as (
    select
        cohort.*,
        step.step_no,
        step.step,
        -- the last day is not over yet: a cohort is mature on the day after its window's last
        coalesce(cohort.cohort_on + step.window_days < as_of.as_of_on, false) as is_mature
    from cohort
    cross join {{ ref('srv_funnel_step') }} as step
    left join {{ ref('srv_as_of') }} as as_of on as_of.source = 'crm'
    where step.has_data
),

counted as (
    select
        cohort_on,
        dealer_id,
        region_code,
        step_no,
        step,
        is_mature,
        -- a step without data is passed by everybody in the cube, so the step before is always the one to enter from
        case step
            when 'card' then lead_cnt
            when 'visit' then card_cnt
            when 'test_drive' then visit_cnt
            when 'order' then test_drive_cnt
            when 'delivery' then order_cnt
        end as entered_cnt,
        case step
            when 'card' then card_cnt
            when 'visit' then visit_cnt
            when 'test_drive' then test_drive_cnt
            when 'order' then order_cnt
            when 'delivery' then delivery_cnt
        end as passed_cnt
    from step
)

select
    cohort_on,
    dealer_id,
    region_code,
    step_no,
    step,
    cast(entered_cnt as bigint) as entered_cnt,
    cast(passed_cnt as bigint) as passed_cnt,
    cast(case when is_mature then entered_cnt else 0 end as bigint) as mature_entered_cnt,
    cast(case when is_mature then passed_cnt else 0 end as bigint) as mature_passed_cnt
from counted
