with judged_period as (
    select '90d' as period, 90 as days
    union all
    select '365d' as period, 365 as days
    union all
    select 'all' as period, null as days
)

select
    judged_period.period,
    funnel.dealer_id,
    funnel.step_no,
    funnel.step,
    cast(sum(funnel.mature_entered_cnt) as bigint) as entered_cnt,
    cast(sum(funnel.mature_passed_cnt) as bigint) as passed_cnt,
    sum(funnel.mature_passed_cnt) / sum(funnel.mature_entered_cnt) as rate
from {{ ref('srv_dealer_funnel') }} as funnel
inner join {{ ref('srv_funnel_step') }} as step on funnel.step = step.step
inner join {{ ref('srv_as_of') }} as as_of on as_of.source = 'crm'
-- the latest days whose window for the step is over, so that a period has as many days at every step
inner join judged_period
    on coalesce(funnel.cohort_on + step.window_days + judged_period.days >= as_of.as_of_on, true)
where funnel.dealer_id is not null
group by judged_period.period, funnel.dealer_id, funnel.step_no, funnel.step
having sum(funnel.mature_entered_cnt) > 0
