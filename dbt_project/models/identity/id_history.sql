{{ config(materialized='view') }}

with event as (
    select distinct
        case when change = 'created' then one_id else previous_one_id end as one_id,
        change,
        case when change <> 'created' then one_id end as other_one_id,
        changed_at
    from {{ ref('id_membership') }}
    where change not in ('joined', 'left')
)

select
    event.one_id,
    event.change,
    event.other_one_id,
    case
        when cause.rule is not null then cause.rule || ': ' || cause.record_key || ', ' || cause.other_record_key
        when event.change = 'created' then 'records that nobody was known by'
        when event.change = 'merged' then 'evidence joins the records of both'
        when event.change = 'split' then 'evidence that joined them is gone'
        when event.change = 'retired' then 'its records are gone from their sources'
    end as reason,
    cause.rule,
    cause.record_key,
    cause.other_record_key,
    event.changed_at
from event
left join {{ ref('id_change_cause') }} as cause
    on
        event.changed_at = cause.changed_at
        and event.one_id = cause.previous_one_id
        and event.other_one_id = cause.one_id
