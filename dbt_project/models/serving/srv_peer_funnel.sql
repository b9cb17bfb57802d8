-- Only groups of several dealers: with fewer, a dealer who knows its own numbers would know another's.
with member as (
    select
        dealer_step.*,
        'network' as group_kind,
        'network' as group_code
    from {{ ref('srv_dealer_step') }} as dealer_step
    union all
    select
        dealer_step.*,
        'region' as group_kind,
        dealer.region_code as group_code
    from {{ ref('srv_dealer_step') }} as dealer_step
    inner join {{ ref('srv_dealer') }} as dealer on dealer_step.dealer_id = dealer.dealer_id
    where dealer.region_code is not null
    union all
    select
        dealer_step.*,
        'peer_group' as group_kind,
        dealer.peer_group as group_code
    from {{ ref('srv_dealer_step') }} as dealer_step
    inner join {{ ref('srv_dealer') }} as dealer on dealer_step.dealer_id = dealer.dealer_id
    where dealer.peer_group is not null
)

select
    period,
    group_kind,
    group_code,
    step_no,
    step,
    count(*) as dealer_cnt,
    cast(sum(entered_cnt) as bigint) as entered_cnt,
    cast(sum(passed_cnt) as bigint) as passed_cnt,
    sum(passed_cnt) / sum(entered_cnt) as rate,
    percentile_cont(0.25) within group (order by rate) as rate_p25,
    percentile_cont(0.75) within group (order by rate) as rate_p75
from member
group by period, group_kind, group_code, step_no, step
having count(*) >= {{ var('peer_min_dealers') }}
