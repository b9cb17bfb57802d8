with target as (
    select
        dealer_id,
        month_on,
        value,
        case metric
            when 'card_rate' then 'card'
            when 'visit_rate' then 'visit'
            when 'test_drive_rate' then 'test_drive'
            when 'order_rate' then 'order'
            when 'delivery_rate' then 'delivery'
        end as rate_of,
        case metric
            when 'lead_cnt' then 'lead'
            when 'order_cnt' then 'order'
            when 'delivery_cnt' then 'delivery'
        end as count_of
    from {{ ref('fct_dealer_target') }}
)

select
    dealer_id,
    month_on,
    coalesce(rate_of, count_of) as step,
    max(value) filter (where rate_of is not null) as target_rate,
    max(value) filter (where count_of is not null) as target_cnt
from target
where coalesce(rate_of, count_of) is not null
group by dealer_id, month_on, coalesce(rate_of, count_of)
