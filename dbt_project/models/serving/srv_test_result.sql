-- A view, as the gates are.
{{ config(materialized='view') }}

select test_name, status, failed_cnt, ran_at, failing_since
from {{ ref('fct_test_result') }}
