with said as (
    {{ optional_table('raw_governance', 'test_result', {
        'test_name': 'varchar', 'status': 'varchar', 'failed_cnt': 'bigint', 'message': 'varchar',
        'ran_at': 'timestamp with time zone', 'failing_since': 'timestamp with time zone'
    }) }}
)

select test_name, status, failed_cnt, message, ran_at, failing_since
from said
