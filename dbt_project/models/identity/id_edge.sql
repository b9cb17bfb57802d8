select
    left_record.record_key,
    right_record.record_key as other_record_key,
    candidate.identifier_type as rule,
    candidate.identifier_value,
    candidate.priority,
    candidate.drop_reason is null and left_cluster.cluster_no = right_cluster.cluster_no as is_kept,
    coalesce(
        candidate.drop_reason, case when left_cluster.cluster_no <> right_cluster.cluster_no then 'contradiction' end
    ) as drop_reason
from {{ ref('id_edge_candidate') }} as candidate
inner join {{ ref('id_record') }} as left_record on candidate.record_no = left_record.record_no
inner join {{ ref('id_record') }} as right_record on candidate.other_record_no = right_record.record_no
inner join {{ ref('id_cluster') }} as left_cluster on candidate.record_no = left_cluster.record_no
inner join {{ ref('id_cluster') }} as right_cluster on candidate.other_record_no = right_cluster.record_no
