-- The last word of a build: what stands to the left of it is done. id_touched_record asks it what is still open.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}

select
    (select max(batch_no) from {{ ref('id_record_ledger') }}) as batch_no,
    (select settings from {{ ref('id_build') }}) as settings,
    (select is_whole from {{ ref('id_build') }}) as is_whole,
    (select count(*) from {{ ref('id_touched_record') }}) as touched_record_cnt,
    (select count(*) from {{ ref('id_touched_value') }}) as touched_value_cnt,
    (select count(*) from {{ ref('id_reached_record') }}) as reached_record_cnt,
    (
        select count(*) from {{ ref('id_change_cause') }}
        where changed_at = cast('{{ run_started_at }}' as timestamp with time zone)
    ) as moved_person_cnt,
    (select count(*) from {{ ref('id_person') }} where is_current) as person_cnt,
    cast('{{ run_started_at }}' as timestamp with time zone) as started_at,
    current_timestamp as closed_at
