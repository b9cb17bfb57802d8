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
        coalesce(peers.rate, network.rate) as rate
    from place
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
    -- of those who pass this step, the share that a good dealer brings to the last one
    case
        when count(later.step_no) = count(later.rate) then coalesce({{ product_of('later.rate') }}, 1)
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
