select
    pair_no,
    record_key_a,
    record_key_b,
    cause,
    rules,
    match_weight,
    is_one_person,
    record_cnt
from {{ ref('fct_identity_review') }}
