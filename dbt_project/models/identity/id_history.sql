{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='fail') }}

{% set written_until = "select max(changed_at) from " ~ this if is_incremental() else "null" %}

with moved as (  -- records whose id is not what it was
    select * from {{ ref('id_map') }}
    where
        previous_one_id is distinct from one_id
        and mapped_at > coalesce(({{ written_until }}), timestamp '1970-01-01')
),

still_used as (
    select distinct one_id from {{ ref('id_map') }}
),

was_used as (
    select distinct previous_one_id as one_id from {{ ref('id_map') }} where previous_one_id is not null
),

change as (
    select distinct
        moved.one_id,
        'created' as change,
        cast(null as varchar) as other_one_id,
        'records that nobody was known by' as reason,
        moved.mapped_at as changed_at
    from moved
    anti join was_used on moved.one_id = was_used.one_id
    where moved.previous_one_id is null
    union all
    select distinct moved.previous_one_id, 'merged', moved.one_id, 'evidence joins the records of both', moved.mapped_at
    from moved
    anti join still_used on moved.previous_one_id = still_used.one_id
    where moved.previous_one_id is not null
    union all
    select distinct moved.previous_one_id, 'split', moved.one_id, 'evidence that joined them is gone', moved.mapped_at
    from moved
    inner join still_used on moved.previous_one_id = still_used.one_id
)

select one_id, change, other_one_id, reason, changed_at from change
