-- Compiled from indicators/registry/funnel.yml: edit there, then `forecourt indicators compile`.

with data_present as (
    select
        exists(select 1 from {{ ref('fct_card') }}) as has_card,
        exists(select 1 from {{ ref('fct_visit') }}) as has_visit,
        exists(select 1 from {{ ref('fct_test_drive') }}) as has_test_drive,
        exists(select 1 from {{ ref('fct_order') }}) as has_order,
        exists(select 1 from {{ ref('fct_delivery') }}) as has_delivery
),

joined as (
    select *
    from {{ ref('fct_lead') }}
    cross join data_present
),

conditioned as (
    select
        *,
        (carded_at <= created_at + interval '7 days' or not has_card) as is_carded,
        (visited_at <= created_at + interval '30 days' or not has_visit) as has_visited,
        (test_drove_at <= created_at + interval '30 days' or not has_test_drive) as has_test_driven,
        (ordered_at <= created_at + interval '90 days' or not has_order) as has_ordered,
        (delivered_at <= ordered_at + interval '60 days' or not has_delivery) as has_taken_delivery
    from joined
    where is_counted
)

select
    created_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    channel,
    count(lead_id) as fnl_lead_cnt,
    count(lead_id) filter (where is_carded) as fnl_card_cnt,
    count(lead_id) filter (where is_carded and has_visited) as fnl_visit_cnt,
    count(lead_id) filter (where is_carded and has_visited and has_test_driven) as fnl_td_cnt,
    count(lead_id) filter (
        where is_carded
        and has_visited
        and has_test_driven
        and has_ordered
    ) as fnl_order_cnt,
    count(lead_id) filter (
        where is_carded
        and has_visited
        and has_test_driven
        and has_ordered
        and has_taken_delivery
    ) as fnl_delivery_cnt
from conditioned
where created_on is not null
group by
    created_on,
    dealer_id,
    region_code,
    series_code,
    channel
