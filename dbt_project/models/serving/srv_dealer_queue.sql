with as_of as (
    select as_of_on
    from {{ ref('srv_as_of') }}
    where source = 'crm'
),

waiting as (
    select
        lead.dealer_id,
        'lead_unanswered' as queue,
        lead.created_on as since_on
    from {{ ref('fct_lead') }} as lead
    cross join as_of
    where
        lead.is_counted
        and coalesce(lead.is_valid, true)
        and lead.first_contact_at is null
        and lead.lost_at is null
        and lead.carded_at is null
        and lead.created_on > as_of.as_of_on - {{ var('queue_lead_days') }}

    union all

    select
        lead.dealer_id,
        'quote_unanswered' as queue,
        cast(lead.quoted_at as date) as since_on
    from {{ ref('fct_lead') }} as lead
    cross join as_of
    where
        lead.is_counted
        and lead.ordered_at is null
        and lead.lost_at is null
        and cast(lead.quoted_at as date) <= as_of.as_of_on - {{ var('queue_quote_days') }}
        and cast(lead.quoted_at as date) > as_of.as_of_on - {{ var('queue_forget_days') }}

    union all

    select
        placed.dealer_id,
        'delivery_late' as queue,
        placed.promised_on as since_on
    from {{ ref('fct_order') }} as placed
    cross join as_of
    where
        placed.is_counted
        and placed.cancelled_on is null
        and placed.delivered_on is null
        and placed.promised_on < as_of.as_of_on

    union all

    select
        complaint.dealer_id,
        'complaint_open' as queue,
        complaint.opened_on as since_on
    from {{ ref('fct_complaint') }} as complaint
    cross join as_of
    where complaint.closed_at is null and complaint.opened_on <= as_of.as_of_on - {{ var('queue_complaint_days') }}
)

select
    dealer_id,
    queue,
    count(*) as waiting_cnt,
    min(since_on) as oldest_on
from waiting
where dealer_id is not null
group by dealer_id, queue
