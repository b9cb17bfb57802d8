-- A decision that was withdrawn reaches its records once more.
with standing_decided as (
    {{ standing('id_decided_record', {'record_key': 'varchar', 'is_decided': 'boolean'}) }}
),

said as (
    select unnest([record_key_a, record_key_b]) as record_key, true as is_decided
    from {{ ref('id_decision') }}
    union all
    select record_key, false from standing_decided where is_decided
)

select record_key, bool_or(is_decided) as is_decided
from said
group by record_key
