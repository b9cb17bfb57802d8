select
    restatement.indicator_code,
    indicator.name_en,
    indicator.name_zh,
    indicator.unit,
    restatement.stat_date,
    restatement.value_before,
    restatement.value_after,
    coalesce(restatement.value_after, 0) - coalesce(restatement.value_before, 0) as change,
    restatement.cause,
    restatement.published_at,
    restatement.restated_at,
    restatement.invocation_id
from {{ ref('ind_restatement') }} as restatement
left join {{ ref('indicator_catalogue') }} as indicator on restatement.indicator_code = indicator.code
