with measured as (
    {{ optional_table('raw_governance', 'indicator_value', {
        'code': 'varchar', 'value': 'double', 'period': 'varchar', 'first_on': 'date', 'last_on': 'date',
        'course_days': 'date []', 'course_values': 'double []', 'measured_at': 'timestamp with time zone'
    }) }}
)

select code, value, period, first_on, last_on, course_days, course_values, measured_at
from measured
