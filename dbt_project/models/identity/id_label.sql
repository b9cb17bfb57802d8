-- Judged pairs, by the numbers of their records: what the learned scorer is trained on.
with judged as (
    select record_key_a, record_key_b, decision = 'link' as is_match, decided_by as judged_by, decided_at as judged_at
    from {{ ref('id_decision') }}
    union all
    select left_record.record_key, right_record.record_key as other_record_key, label.is_match, null, null
    from {{ ref('stg_identity__label') }} as label
    inner join {{ ref('id_record') }} as left_record on label.left_source_key = left_record.source_key
    inner join {{ ref('id_record') }} as right_record on label.right_source_key = right_record.source_key
),

numbered as (
    select
        least(left_record.record_no, right_record.record_no) as record_no,
        greatest(left_record.record_no, right_record.record_no) as other_record_no,
        judged.*
    from judged
    inner join {{ ref('id_record') }} as left_record on judged.record_key_a = left_record.record_key
    inner join {{ ref('id_record') }} as right_record on judged.record_key_b = right_record.record_key
    where left_record.record_no <> right_record.record_no
)

select record_no, other_record_no, record_key_a, record_key_b, is_match, judged_by, judged_at
from numbered
qualify
    row_number() over (
        partition by record_no, other_record_no order by judged_at desc nulls last, record_key_a asc
    ) = 1
