{%- set z = var('weak_link_z') %}
with weak as (  -- each weak link counts for its dealer, its region and the network
    select
        subject.subject,
        case when subject.subject = 'network' then null else link.region_code end as region_code,
        case when subject.subject = 'dealer' then link.dealer_id end as dealer_id,
        link.dealer_id as at_dealer_id,
        link.period,
        link.step,
        link.lost_deliveries,
        link.rate,
        link.benchmark_rate,
        link.entered_cnt
    from {{ ref('srv_weak_link') }} as link
    cross join (values ('network'), ('region'), ('dealer')) as subject (subject)
    where link.is_weak and (subject.subject <> 'region' or link.region_code is not null)
),

gathered as (
    select
        *,
        sum(lost_deliveries) over (
            partition by period, subject, region_code, dealer_id, step
            order by lost_deliveries desc, at_dealer_id asc
            rows between unbounded preceding and 1 preceding
        ) as lost_before,
        sum(lost_deliveries) over (partition by period, subject, region_code, dealer_id, step) as lost_in_step
    from weak
),

loss as (
    select
        period,
        subject,
        region_code,
        dealer_id,
        step,
        'loss' as kind,
        sum(rate * entered_cnt) / sum(entered_cnt) as rate,
        sum(benchmark_rate * entered_cnt) / sum(entered_cnt) as reference_rate,
        sum(lost_deliveries) as lost_deliveries,
        count(*) as dealer_cnt,
        -- the costliest dealers who together hold the greater part of the loss
        count(*) filter (where coalesce(lost_before, 0) < {{ var('insight_share') }} * lost_in_step) as heavy_dealer_cnt
    from gathered
    group by period, subject, region_code, dealer_id, step
),

recent as (  -- the latest 90 days whose window is over, and the same weekdays a year before
    select
        funnel.region_code,
        funnel.step,
        age.is_recent,
        sum(funnel.mature_entered_cnt) as entered_cnt,
        sum(funnel.mature_passed_cnt) as passed_cnt
    from {{ ref('srv_dealer_funnel') }} as funnel
    inner join {{ ref('srv_funnel_step') }} as step on funnel.step = step.step
    inner join {{ ref('srv_as_of') }} as as_of on as_of.source = 'crm'
    inner join (values (true, 0), (false, 364)) as age (is_recent, days)
        on
            funnel.cohort_on + step.window_days + age.days < as_of.as_of_on
            and funnel.cohort_on + step.window_days + age.days + 90 >= as_of.as_of_on
    group by funnel.region_code, funnel.step, age.is_recent
),

compared as (
    select
        subject.subject,
        case when subject.subject = 'region' then recent.region_code end as region_code,
        recent.step,
        sum(recent.entered_cnt) filter (where recent.is_recent) as entered_cnt,
        sum(recent.passed_cnt) filter (where recent.is_recent) as passed_cnt,
        sum(recent.entered_cnt) filter (where not recent.is_recent) as entered_before_cnt,
        sum(recent.passed_cnt) filter (where not recent.is_recent) as passed_before_cnt
    from recent
    cross join (values ('network'), ('region')) as subject (subject)
    where subject.subject = 'network' or recent.region_code is not null
    group by subject.subject, case when subject.subject = 'region' then recent.region_code end, recent.step
),

change as (
    select
        '90d' as period,
        subject,
        region_code,
        cast(null as varchar) as dealer_id,
        step,
        'change' as kind,
        passed_cnt / entered_cnt as rate,
        passed_before_cnt / entered_before_cnt as reference_rate,
        cast(null as double) as lost_deliveries,
        cast(null as bigint) as dealer_cnt,
        cast(null as bigint) as heavy_dealer_cnt
    from compared
    where
        entered_cnt >= {{ var('weak_link_min_cases') }}
        and entered_before_cnt >= {{ var('weak_link_min_cases') }}
        -- two proportions differ by more than chance explains (pooled z test)
        and abs(passed_cnt / entered_cnt - passed_before_cnt / entered_before_cnt) > {{ z }} * sqrt(
            (passed_cnt + passed_before_cnt) / (entered_cnt + entered_before_cnt)
            * (1 - (passed_cnt + passed_before_cnt) / (entered_cnt + entered_before_cnt))
            * (1 / entered_cnt + 1 / entered_before_cnt)
        )
),

found as (
    select * from loss
    union all
    select * from change
)

select
    period,
    kind,
    subject,
    region_code,
    dealer_id,
    step,
    rate,
    reference_rate,
    round(lost_deliveries, 3) as lost_deliveries,
    dealer_cnt,
    heavy_dealer_cnt,
    row_number() over (
        partition by period, kind, subject, region_code, dealer_id
        order by lost_deliveries desc nulls last, abs(rate - reference_rate) desc, step asc
    ) as insight_rank
from found
