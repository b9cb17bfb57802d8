-- A view, as the gates are. Generated indicators have no row: whoever asks for one finds its base here.
{{ config(materialized='view') }}

with freshness as (
    select source, max(as_of_on) as as_of_on from {{ ref('srv_as_of') }} group by source
)

select
    entry.code,
    entry.indicator_id,
    entry.name_en,
    entry.name_zh,
    entry.kind,
    entry.process,
    entry.stage,
    entry.owner,
    entry.unit,
    entry.additivity,
    entry.definition,
    entry.note,
    entry.grain,
    entry.dims,
    entry.matures_days,
    entry.status,
    entry.replaced_by,
    entry.version,
    entry.derived_cnt,
    detail.formula_tree,
    detail.query_sql,
    detail.tables,
    detail.lineage,
    detail.test_names,
    detail.used_by,
    freshness.as_of_on,
    status.state,
    status.reason,
    status.failing_since,
    status.fresh_until,
    status.shown_until,
    value.value as last_value,
    value.period as last_value_period,
    value.first_on as last_value_first_on,
    value.last_on as last_value_last_on,
    value.measured_at as last_value_at,
    value.course_days,
    value.course_values,
    lower(concat_ws(
        ' ', entry.code, entry.indicator_id, entry.name_en, entry.name_zh, entry.definition, entry.note, entry.process
    )) as search_text
from {{ ref('indicator_catalogue') }} as entry
inner join {{ ref('srv_indicator_status') }} as status on entry.code = status.code
left join {{ ref('dim_indicator') }} as detail on entry.code = detail.code
left join {{ ref('fct_indicator_value') }} as value on entry.code = value.code
left join freshness on entry.source = freshness.source
