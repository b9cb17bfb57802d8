-- Labels of `forecourt identity evaluate --labels`; no warehouse has them.
with label as (
    {{ optional_table('raw_identity', 'label', {
        'left_record_id': 'varchar', 'right_record_id': 'varchar', 'is_match': 'boolean'
    }) }}
)

select
    least(left_record_id, right_record_id) as left_source_key,
    greatest(left_record_id, right_record_id) as right_source_key,
    bool_and(is_match) as is_match
from label
group by all
