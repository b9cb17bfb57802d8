-- Compiled from indicators/registry/identity.yml: edit there, then `forecourt indicators compile`.

select
    stat_on as stat_date,
    cast(sum(record_cnt) as bigint) as oneid_record_qty,
    cast(sum(person_cnt) as bigint) as oneid_person_qty,
    cast(sum(unified_record_cnt) as bigint) as oneid_unified_qty,
    cast(sum(duplicate_cnt) as bigint) as oneid_dup_qty,
    cast(sum(conflict_cnt) as bigint) as oneid_conflict_qty,
    cast(sum(guarded_cnt) as bigint) as oneid_guard_qty,
    cast(sum(review_cnt) as bigint) as oneid_review_qty,
    cast(sum(largest_person_cnt) as bigint) as oneid_largest_qty,
    cast(sum(scored_cnt) as bigint) as oneid_scored_qty,
    cast(sum(open_cnt) as bigint) as oneid_open_qty,
    cast(sum(kept_weight_centibits) as bigint) as oneid_weight_qty,
    cast(sum(kept_scored_cnt) as bigint) as oneid_kept_qty
from {{ ref('fct_identity_day') }}
where stat_on is not null
group by
    stat_on
