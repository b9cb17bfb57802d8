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
    unified_record_cnt / nullif(record_cnt, 0) as unified_rate,
    kept_weight_centibits / nullif(kept_scored_cnt, 0) / 100 as mean_match_weight,
    jump
from {{ ref('id_quality') }}
