-- The log that the history is read from: one statement compares the map that stands with the last row of each record
-- and adds what differs. It asks the log and no run, so a run that stopped before it loses nothing.
{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false, on_schema_change='fail') }}

with logged as (
    {% if is_incremental() %}
        select record_key, one_id, changed_at from {{ this }}
    {% else %}
        select record_key, one_id, mapped_at as changed_at from {{ ref('id_map') }} where false
    {% endif %}
),

known as (
    select record_key, arg_max(one_id, changed_at) as one_id from logged group by record_key
),

moved as (  -- records whose id is not what the log says
    select map.record_key, map.one_id, known.one_id as previous_one_id, map.mapped_at
    from {{ ref('id_map') }} as map
    left join known on map.record_key = known.record_key
    where map.one_id is distinct from known.one_id
)

select
    moved.record_key,
    moved.one_id,
    moved.previous_one_id,
    case
        when moved.previous_one_id is null and ever_used.one_id is null then 'created'
        when moved.previous_one_id is null then 'joined'
        when still_used.one_id is null then 'merged'
        else 'split'
    end as change,
    moved.mapped_at as changed_at
from moved
left join (select distinct one_id from logged) as ever_used on moved.one_id = ever_used.one_id
left join (select distinct one_id from {{ ref('id_map') }}) as still_used on moved.previous_one_id = still_used.one_id
