-- The last build of each day stands for the day.
select
    {{ business_day('built_at') }} as stat_on,
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
    kept_weight_centibits,
    kept_scored_cnt,
    review_cnt,
    jump
from {{ ref('id_quality') }}
qualify row_number() over (partition by {{ business_day('built_at') }} order by built_at desc) = 1
