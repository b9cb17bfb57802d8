-- A view: the tests speak after the models are built, and an age grows until the snapshot is published.
{{ config(materialized='view') }}

with load_age as (
    select source, max(last_loaded_at) as last_loaded_at
    from {{ ref('srv_source_freshness') }}
    group by source
),

judged as (
    select
        gate.code,
        gate.gate,
        gate.kind,
        gate.action,
        case
            when gate.kind = 'test' and result.test_name is null then 'not_run'
            when gate.kind = 'test' and result.status = 'pass' then 'passed'
            when gate.kind = 'test' then 'failed'
            when load_age.last_loaded_at + to_hours(1) * gate.max_age_hours >= current_timestamp then 'passed'
            else 'failed'
        end as outcome,
        result.failed_cnt,
        result.failing_since,
        gate.source,
        load_age.last_loaded_at,
        gate.max_age_hours
    from {{ ref('indicator_gate') }} as gate
    left join {{ ref('fct_test_result') }} as result
        on gate.kind = 'test' and gate.gate = result.test_name
    left join load_age on gate.kind = 'age' and gate.source = load_age.source
)

select
    code,
    gate,
    kind,
    action,
    outcome,
    case
        when outcome = 'passed' then null
        when outcome = 'not_run' then 'the test ' || gate || ' has not run yet'
        when kind = 'test' then 'the test ' || gate || ' failed' || coalesce(' (' || failed_cnt || ' rows)', '')
        when last_loaded_at is null then source || ' was never loaded'
        else
            source || ' was loaded last at ' || strftime(last_loaded_at, '%Y-%m-%d %H:%M')
            || ' UTC, more than ' || cast(max_age_hours as bigint) || ' h ago'
    end as reason,
    coalesce(failing_since, case when outcome = 'failed' then last_loaded_at + to_hours(1) * max_age_hours end)
        as failing_since,
    case when kind = 'age' then last_loaded_at + to_hours(1) * max_age_hours end as holds_until
from judged
