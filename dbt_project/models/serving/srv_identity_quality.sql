select
    built_at,
    record_cnt,
    person_cnt,
    unified_record_cnt,
    duplicate_cnt,
    largest_person_cnt,
    conflict_cnt,
    guarded_cnt,
    scored_cnt,
    open_cnt,
    review_cnt,
    unified_rate,
    mean_match_weight,
    jump
from {{ ref('fct_identity_build') }}
