with step as (
    select 1 as step_no, 'card' as step, 'Card' as name, 'fnl_card_cnt' as code
    union all
    select 2 as step_no, 'visit' as step, 'Visit' as name, 'fnl_visit_cnt' as code
    union all
    select 3 as step_no, 'test_drive' as step, 'Test drive' as name, 'fnl_td_cnt' as code
    union all
    select 4 as step_no, 'order' as step, 'Order' as name, 'fnl_order_cnt' as code
    union all
    select 5 as step_no, 'delivery' as step, 'Delivery' as name, 'fnl_delivery_cnt' as code
),

presence as (
    select 'card' as step, exists(select 1 from {{ ref('fct_card') }}) as has_data
    union all
    select 'visit' as step, exists(select 1 from {{ ref('fct_visit') }}) as has_data
    union all
    select 'test_drive' as step, exists(select 1 from {{ ref('fct_test_drive') }}) as has_data
    union all
    select 'order' as step, exists(select 1 from {{ ref('fct_order') }}) as has_data
    union all
    select 'delivery' as step, exists(select 1 from {{ ref('fct_delivery') }}) as has_data
)

select
    step.step_no,
    step.step,
    step.name,
    presence.has_data,
    indicator.matures_days as window_days  -- the window stands once: in the registry
from step
inner join presence on step.step = presence.step
inner join {{ ref('indicator_catalogue') }} as indicator on step.code = indicator.code
