{{ config(materialized='view') }}

with edge as (
    select
        record_no,
        other_record_no,
        'deterministic' as tier,
        identifier_type as rule,
        identifier_value,
        priority,
        cast(null as double) as match_weight,
        drop_reason
    from {{ ref('id_edge_candidate') }}
    union all
    select record_no, other_record_no, tier, rule, null, 0, null, null
    from {{ ref('id_link') }}
    where tier = 'steward'
    union all
    select
        record_no,
        other_record_no,
        'scored',
        'match_weight',
        null,
        50,
        match_weight,
        case when match_weight <= {{ merge_bar() }} then 'weight' end
    from {{ ref('id_scored_pair') }}
)

select
    left_record.record_key,
    right_record.record_key as other_record_key,
    edge.record_no,
    edge.other_record_no,
    edge.tier,
    edge.rule,
    edge.identifier_value,
    edge.priority,
    edge.match_weight,
    edge.drop_reason is null and left_cluster.cluster_no = right_cluster.cluster_no as is_kept,
    case
        when edge.drop_reason is not null then edge.drop_reason
        when left_cluster.cluster_no = right_cluster.cluster_no then null
        when left_cluster.alarm_no = right_cluster.alarm_no then 'alarming_cluster'
        else 'contradiction'
    end as drop_reason
from edge
inner join {{ ref('id_record') }} as left_record on edge.record_no = left_record.record_no
inner join {{ ref('id_record') }} as right_record on edge.other_record_no = right_record.record_no
inner join {{ ref('id_cluster') }} as left_cluster on edge.record_no = left_cluster.record_no
inner join {{ ref('id_cluster') }} as right_cluster on edge.other_record_no = right_cluster.record_no
