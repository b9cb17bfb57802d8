-- A person keeps their id: it is carried over from the map that stands. Where people merge, the id of the oldest
-- record survives; where one is split, the id stays with the larger part. New ids are made from the oldest record's
-- key.
{{ config(materialized='incremental', unique_key='record_no', touched_by='id_reached_record') }}

with record as (
    select record.*, cluster.cluster_no
    from {{ ref('id_record') }} as record
    semi join {{ ref('id_reached_record') }} as reached on record.record_no = reached.record_no
    inner join {{ ref('id_cluster') }} as cluster on record.record_no = cluster.record_no
),

standing as (
    {% if is_incremental() %}
        select map.record_key, map.one_id, map.mapped_at
        from {{ this }} as map
    {% else %}
        select record_key, cast(null as varchar) as one_id, cast(null as timestamp with time zone) as mapped_at
        from record
        where false
    {% endif %}
),

claim as (
    select
        record.cluster_no,
        standing.one_id,
        count(*) as record_cnt,
        min(record.age_no) as oldest_age_no
    from record
    inner join standing on record.record_key = standing.record_key
    group by record.cluster_no, standing.one_id
),

granted as (  -- an id goes to the cluster that holds most of its records
    select cluster_no, one_id, oldest_age_no from claim
    qualify row_number() over (partition by one_id order by record_cnt desc, oldest_age_no asc) = 1
),

carried as (  -- and a cluster that was granted several keeps the oldest
    select cluster_no, one_id from granted
    qualify row_number() over (partition by cluster_no order by oldest_age_no) = 1
),

cluster as (
    select
        record.cluster_no,
        'P' || left(md5(arg_min(record.record_key, record.age_no)), 16) as fresh_id,
        'P' || left(md5(arg_min(record.record_key, record.age_no) || '{{ run_started_at }}'), 16) as spare_id
    from record
    group by record.cluster_no
),

taken as (
    select distinct standing.one_id
    from standing
    semi join cluster on standing.one_id = cluster.fresh_id
),

named as (
    select
        cluster.cluster_no,
        coalesce(
            carried.one_id, case when taken.one_id is null then cluster.fresh_id else cluster.spare_id end
        ) as one_id
    from cluster
    left join carried on cluster.cluster_no = carried.cluster_no
    left join taken on cluster.fresh_id = taken.one_id
)

select
    record.record_no,
    record.record_key,
    record.source,
    record.entity,
    record.source_key,
    named.one_id,
    record.first_seen_at,
    case
        when standing.one_id = named.one_id then standing.mapped_at
        else cast('{{ run_started_at }}' as timestamp with time zone)
    end as mapped_at
from record
inner join named on record.cluster_no = named.cluster_no
left join standing on record.record_key = standing.record_key
