-- Authority says who is right where two links contradict each other: the steward, then what no one person can have
-- (id_cannot_link), then the rules by priority.
{{ config(materialized='view') }}

select
    record_no,
    other_record_no,
    'deterministic' as tier,
    identifier_type as rule,
    100 - priority as authority,
    cast(null as double) as match_weight,
    cast(null as double) as weight
from {{ ref('id_edge_candidate') }}
where drop_reason is null
union all
select
    left_record.record_no,
    right_record.record_no as other_record_no,
    'steward',
    'link',
    1000,
    null,
    null
from {{ ref('id_decision') }} as decision
inner join {{ ref('id_record') }} as left_record on decision.record_key_a = left_record.record_key
inner join {{ ref('id_record') }} as right_record on decision.record_key_b = right_record.record_key
where decision.decision = 'link'
union all
select record_no, other_record_no, 'scored', 'match_weight', 0, match_weight, match_weight - {{ merge_bar() }}
from {{ ref('id_scored_pair') }}
