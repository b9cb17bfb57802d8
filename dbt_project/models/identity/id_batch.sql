-- The last word of a build: what stands to the left of it is done. id_build asks it what is still open.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}

{% set now = "cast('" ~ run_started_at ~ "' as timestamp with time zone)" %}

select
    (select max(batch_no) from {{ ref('id_record_ledger') }}) as batch_no,
    build.settings,
    build.is_whole,
    build.whole_reason,
    (select count(*) from {{ ref('id_touched_record') }}) as touched_record_cnt,
    (select count(*) from {{ ref('id_touched_value') }}) as touched_value_cnt,
    (select count(*) from {{ ref('id_reached_record') }}) as reached_record_cnt,
    (
        select count(*) from {{ ref('id_membership') }}
        where changed_at = {{ now }} and change in ('merged', 'split')
    ) as moved_record_cnt,
    (select count(*) from {{ ref('id_change_cause') }} where changed_at = {{ now }}) as moved_person_cnt,
    (select count(*) from {{ ref('id_person') }} where is_current) as person_cnt,
    {{ now }} as started_at,
    current_timestamp as closed_at
from {{ ref('id_build') }} as build
