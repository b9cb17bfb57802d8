-- The last word on each pair, whether it was said on the command line or in the review.
with said as (
    select decision, record_key_a, record_key_b, decided_by, decided_at, reason, 'seed' as decided_in
    from {{ ref('id_steward_decision') }}
    union all
    select
        case answer when 'same' then 'link' when 'different' then 'unlink' else 'withdraw' end,
        record_key_a,
        record_key_b,
        answered_by,
        answered_at,
        'judged in the review',
        'review'
    from {{ ref('stg_identity__review_answer') }}
),

paired as (
    select
        decision,
        least(record_key_a, record_key_b) as record_key_a,
        greatest(record_key_a, record_key_b) as record_key_b,
        decided_by,
        decided_at,
        reason,
        decided_in
    from said
    where record_key_a <> record_key_b
)

select decision, record_key_a, record_key_b, decided_by, decided_at, reason, decided_in
from paired
qualify
    row_number() over (partition by record_key_a, record_key_b order by decided_at desc, decided_in desc) = 1
    and decision <> 'withdraw'
