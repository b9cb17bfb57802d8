-- A view: its table is written after the build, when the tests have run and before the snapshot is published.
{{ config(materialized='view') }}

select test_name, status, failed_cnt, message, ran_at, failing_since
from {{ ref('stg_governance__test_result') }}
