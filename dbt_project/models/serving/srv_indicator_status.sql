-- A view, as the gates are: published with the state of the moment.
{{ config(materialized='view') }}

with judged as (
    select
        code,
        case
            when bool_or(action = 'withhold' and outcome = 'failed') then 'withheld'
            when bool_or(outcome != 'passed') then 'warning'
            else 'published'
        end as state,
        min(failing_since) filter (where outcome = 'failed') as failing_since,
        min(holds_until) filter (where action = 'warn') as fresh_until,
        min(holds_until) filter (where action = 'withhold') as shown_until
    from {{ ref('srv_indicator_gate') }}
    group by code
),

-- what withholds comes first; a reason that only warns does not explain why something is withheld
reasons as (
    select
        gate.code,
        string_agg(distinct gate.reason, '; ' order by gate.reason) as reason
    from {{ ref('srv_indicator_gate') }} as gate
    inner join judged on gate.code = judged.code
    where
        gate.outcome != 'passed'
        and (judged.state != 'withheld' or (gate.action = 'withhold' and gate.outcome = 'failed'))
    group by gate.code
)

select
    catalogue.code,
    coalesce(judged.state, 'published') as state,
    reasons.reason,
    judged.failing_since,
    judged.fresh_until,
    judged.shown_until,
    good.value as last_good_value,
    good.period as last_good_period,
    good.first_on as last_good_first_on,
    good.last_on as last_good_last_on,
    good.measured_at as last_good_at
from {{ ref('indicator_catalogue') }} as catalogue
left join judged on catalogue.code = judged.code
left join reasons on catalogue.code = reasons.code
left join {{ ref('fct_indicator_value') }} as good on catalogue.code = good.code
