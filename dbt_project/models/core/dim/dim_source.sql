-- A day after the last load is a slip of the keyboard (2062 for 2026): believed, it would end every window there is.
{% set days = [
    ('crm', 'fct_lead', 'created_on'),
    ('crm', 'fct_card', 'created_on'),
    ('crm', 'fct_visit', 'arrived_on'),
    ('crm', 'fct_test_drive', 'driven_on'),
    ('crm', 'fct_order', 'ordered_on'),
    ('crm', 'fct_delivery', 'delivered_on'),
    ('app', 'fct_app_event', 'occurred_on'),
    ('marketing', 'fct_campaign_day', 'stat_on'),
    ('service', 'fct_repair_order', 'opened_on'),
    ('service', 'fct_survey', 'answered_on'),
    ('service', 'fct_warranty_claim', 'reported_on'),
    ('market', 'fct_registration', 'month_on'),
] %}

with last_load as (
    select source, max(started_on) as loaded_on from {{ ref('fct_load') }} group by source
),

last_day as (
    {% for source_name, fact, day in days %}
        select '{{ source_name }}' as source, max(fact.{{ day }}) as last_on
        from {{ ref(fact) }} as fact
        left join last_load on last_load.source = '{{ source_name }}'
        where fact.{{ day }} <= coalesce(last_load.loaded_on, fact.{{ day }})
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    source,
    max(last_on) as as_of_on
from last_day
group by source
