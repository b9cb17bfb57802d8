{{ config(materialized='view') }}

select
    started_at,
    person_cnt,
    moved_person_cnt,
    moved_record_cnt
from {{ ref('id_batch') }}
where whole_reason = 'asked'
