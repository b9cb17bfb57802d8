-- The log that the history is read from: the map is compared with the last row of each record that the batch reached,
-- and what differs is added. It asks the log and no run, so a run that stopped before it loses nothing.
{{ config(
    materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns'
) }}

with logged as (
    {% if is_incremental() %}
        select record_key, one_id, changed_at from {{ this }}
    {% else %}
        select record_key, one_id, mapped_at as changed_at from {{ ref('id_map') }} where false
    {% endif %}
),

reached as (
    select ledger.record_key
    from {{ ref('id_reached_record') }} as reached
    inner join {{ ref('id_record_ledger') }} as ledger on reached.record_no = ledger.record_no
),

known as (
    select logged.record_key, arg_max(row(logged.one_id), changed_at)[1] as one_id
    from logged
    semi join reached on logged.record_key = reached.record_key
    group by logged.record_key
),

mapped as (
    select map.record_key, map.one_id
    from {{ ref('id_map') }} as map
    semi join reached on map.record_key = reached.record_key
),

moved as (  -- records whose id is not what the log says
    select
        coalesce(mapped.record_key, known.record_key) as record_key,
        mapped.one_id,
        known.one_id as previous_one_id
    from mapped
    full join known on mapped.record_key = known.record_key
    where mapped.one_id is distinct from known.one_id
),

ever_used as (
    select distinct logged.one_id from logged
    semi join moved on logged.one_id = moved.one_id
),

still_used as (
    select distinct map.one_id from {{ ref('id_map') }} as map
    semi join moved on map.one_id = moved.previous_one_id
)

select
    moved.record_key,
    moved.one_id,
    moved.previous_one_id,
    case
        when moved.one_id is null and still_used.one_id is null then 'retired'
        when moved.one_id is null then 'left'
        when moved.previous_one_id is null and ever_used.one_id is null then 'created'
        when moved.previous_one_id is null then 'joined'
        when still_used.one_id is null then 'merged'
        else 'split'
    end as change,
    cast('{{ run_started_at }}' as timestamp with time zone) as changed_at
from moved
left join ever_used on moved.one_id = ever_used.one_id
left join still_used on moved.previous_one_id = still_used.one_id
