-- The log of answers as the review keeps it (data/state), copied here before each build.
with answer as (
    {{ optional_table('raw_identity', 'review_answer', {
        'answer_id': 'bigint', 'record_key_a': 'varchar', 'record_key_b': 'varchar', 'answer': 'varchar',
        'answered_by': 'varchar', 'answered_at': 'timestamp with time zone', 'answered_in': 'varchar'
    }) }}
)

select answer_id, record_key_a, record_key_b, answer, answered_by, answered_at, answered_in
from answer
