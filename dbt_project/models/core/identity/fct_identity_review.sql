-- The head of the queue: what people can judge until the next builds, and no more than a page can hold.
select
    pair_no,
    record_key_a,
    record_key_b,
    cause,
    rules,
    match_weight,
    is_one_person,
    record_cnt,
    worth
from {{ ref('id_review_queue') }}
where pair_no <= {{ var('id_review_published', 500) }}
