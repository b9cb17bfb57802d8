-- A view: its table is written after the build, when the tests have run and before the snapshot is published.
{{ config(materialized='view') }}

select code, value, period, first_on, last_on, course_days, course_values, measured_at
from {{ ref('stg_governance__indicator_value') }}
