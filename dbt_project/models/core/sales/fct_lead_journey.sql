-- Events are linked as the CRM links them (card made from the lead, order naming the lead), not by person: what a
-- dealer did with a lead is what its records say. The group of a counted lead is itself and its duplicates.
with event as (
    select lead_id, 'card' as step, created_at as happened_at from {{ ref('fct_card') }}
    union all
    select lead_id, 'appointment', created_at from {{ ref('fct_appointment') }} where kind = 'visit'
    union all
    select lead_id, 'visit', arrived_at from {{ ref('fct_visit') }}
    union all
    select lead_id, 'test_drive', driven_at from {{ ref('fct_test_drive') }}
    union all
    select lead_id, 'quote', quoted_at from {{ ref('fct_quote') }}
    union all
    select lead_id, 'order', ordered_at from {{ ref('fct_order') }} where is_counted
    union all
    select lead_id, 'delivery', delivered_at from {{ ref('fct_delivery') }}
)

select
    dedup.counted_lead_id,
    min(event.happened_at) filter (where event.step = 'card') as carded_at,
    min(event.happened_at) filter (where event.step = 'appointment') as invited_at,
    min(event.happened_at) filter (where event.step = 'visit') as visited_at,
    min(event.happened_at) filter (where event.step = 'test_drive') as test_drove_at,
    min(event.happened_at) filter (where event.step = 'quote') as quoted_at,
    min(event.happened_at) filter (where event.step = 'order') as ordered_at,
    min(event.happened_at) filter (where event.step = 'delivery') as delivered_at
from {{ ref('fct_lead_dedup') }} as dedup
inner join event on dedup.lead_id = event.lead_id
group by dedup.counted_lead_id
