with rated as (  -- a rate of fewer cases says more about chance than about the dealer
    select
        dealer_step.period,
        dealer_step.step_no,
        dealer_step.rate,
        dealer.peer_group
    from {{ ref('srv_dealer_step') }} as dealer_step
    inner join {{ ref('srv_dealer') }} as dealer on dealer_step.dealer_id = dealer.dealer_id
    where dealer_step.entered_cnt >= {{ var('weak_link_min_cases') }}
),

member as (  -- every dealer stands in its peer group and in the network
    select period, step_no, rate, peer_group from rated
    union all
    select period, step_no, rate, 'network' as peer_group from rated
),

standing as (
    select
        period,
        step_no,
        peer_group,
        count(*) as peer_cnt,
        percentile_cont(0.75) within group (order by rate) as rate
    from member
    group by period, step_no, peer_group
    having count(*) >= {{ var('weak_link_min_peers') }}
),

typical as (  -- all dealers together: many cases even where no dealer alone has enough
    select
        period,
        step_no,
        sum(passed_cnt) / sum(entered_cnt) as rate
    from {{ ref('srv_dealer_step') }}
    group by period, step_no
),

place as (
    select distinct
        dealer_step.period,
        step.step_no,
        step.step,
        dealer.peer_group
    from {{ ref('srv_dealer_step') }} as dealer_step
    cross join {{ ref('srv_funnel_step') }} as step
    cross join {{ ref('srv_dealer') }} as dealer
    where step.has_data
),

benchmark as (
    select
        place.period,
        place.step_no,
        place.step,
        place.peer_group,
        coalesce(peers.peer_group, network.peer_group) as compared_with,
        coalesce(peers.peer_cnt, network.peer_cnt) as peer_cnt,
        coalesce(peers.rate, network.rate) as rate,
        typical.rate as typical_rate
    from place
    left join typical on place.period = typical.period and place.step_no = typical.step_no
    left join standing as peers
        on
            place.period = peers.period
            and place.step_no = peers.step_no
            and place.peer_group = peers.peer_group
    left join standing as network
        on
            place.period = network.period
            and place.step_no = network.step_no
            and network.peer_group = 'network'
)

select
    this.period,
    this.step_no,
    this.step,
    this.peer_group,
    this.compared_with,
    this.peer_cnt,
    this.rate as benchmark_rate,
    -- a later step too few dealers reach for a benchmark stands with the rate of all of them together
    case
        when count(later.step_no) = count(coalesce(later.rate, later.typical_rate))
            then coalesce({{ product_of('coalesce(later.rate, later.typical_rate)') }}, 1)
    end as later_rate
from benchmark as this
left join benchmark as later
    on
        this.period = later.period
        and this.peer_group is not distinct from later.peer_group
        and this.step_no < later.step_no
group by
    this.period,
    this.step_no,
    this.step,
    this.peer_group,
    this.compared_with,
    this.peer_cnt,
    this.rate
