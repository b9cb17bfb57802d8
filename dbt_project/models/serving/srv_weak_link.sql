{%- set z = var('weak_link_z') %}
with measured as (
    select
        dealer_step.period,
        dealer_step.dealer_id,
        dealer.region_code,
        dealer_step.step,
        dealer_step.entered_cnt,
        dealer_step.passed_cnt,
        dealer_step.rate,
        benchmark.benchmark_rate,
        benchmark.compared_with as peer_group,
        benchmark.peer_cnt,
        benchmark.later_rate,
        benchmark.benchmark_rate - dealer_step.rate as shortfall,
        {{ wilson_bound('dealer_step.passed_cnt', 'dealer_step.entered_cnt', z, '-') }} as interval_low,
        {{ wilson_bound('dealer_step.passed_cnt', 'dealer_step.entered_cnt', z, '+') }} as interval_high
    from {{ ref('srv_dealer_step') }} as dealer_step
    inner join {{ ref('srv_dealer') }} as dealer on dealer_step.dealer_id = dealer.dealer_id
    left join {{ ref('srv_step_benchmark') }} as benchmark
        on
            dealer_step.period = benchmark.period
            and dealer_step.step_no = benchmark.step_no
            and dealer.peer_group is not distinct from benchmark.peer_group
),

priced as (
    select
        *,
        case
            when shortfall <= 0 then 0.0
            when shortfall > 0 then round(shortfall * entered_cnt * later_rate, 3)
        end as lost_deliveries
    from measured
),

judged as (
    select
        *,
        coalesce(
            entered_cnt >= {{ var('weak_link_min_cases') }}
            and interval_high < benchmark_rate
            and lost_deliveries >= {{ var('weak_link_min_lost') }},
            false
        ) as is_weak
    from priced
),

ranked as (
    select
        *,
        row_number() over (
            partition by period, is_weak order by lost_deliveries desc, dealer_id asc, step asc
        ) as network_place,
        row_number() over (
            partition by period, dealer_id, is_weak order by lost_deliveries desc, step asc
        ) as dealer_place
    from judged
)

select
    period,
    dealer_id,
    region_code,
    step,
    entered_cnt,
    passed_cnt,
    rate,
    benchmark_rate,
    peer_group,
    peer_cnt,
    interval_low,
    interval_high,
    lost_deliveries,
    is_weak,
    case when is_weak then network_place end as weak_rank,
    case when is_weak then dealer_place end as dealer_rank
from ranked
