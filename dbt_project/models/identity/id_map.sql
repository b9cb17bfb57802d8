-- A person keeps their id: it is carried over from the map that stands. Where people merge, the id of the oldest record
-- survives; where one is split, the id stays with the larger part. New ids are made from the oldest record's key.
{% set previous = load_relation(this) %}

with record as (
    select record.*, cluster.cluster_no
    from {{ ref('id_record') }} as record
    inner join {{ ref('id_cluster') }} as cluster on record.record_no = cluster.record_no
),

previous as (
    {% if previous %}
        select record_key, one_id from {{ previous }}
    {% else %}
        select cast(null as varchar) as record_key, cast(null as varchar) as one_id where false
    {% endif %}
),

claim as (
    select
        record.cluster_no,
        previous.one_id,
        count(*) as record_cnt,
        min(record.record_no) as oldest_record_no
    from record
    inner join previous on record.record_key = previous.record_key
    group by record.cluster_no, previous.one_id
),

granted as (  -- an id goes to the cluster that holds most of its records
    select cluster_no, one_id, oldest_record_no from claim
    qualify row_number() over (partition by one_id order by record_cnt desc, oldest_record_no asc) = 1
),

carried as (  -- and a cluster that was granted several keeps the oldest
    select cluster_no, one_id from granted
    qualify row_number() over (partition by cluster_no order by oldest_record_no) = 1
),

cluster as (
    select
        record.cluster_no,
        'P' || left(md5(arg_min(record.record_key, record.record_no)), 16) as fresh_id,
        'P' || left(md5(arg_min(record.record_key, record.record_no) || '{{ run_started_at }}'), 16) as spare_id
    from record
    group by record.cluster_no
),

named as (
    select
        cluster.cluster_no,
        coalesce(
            carried.one_id, case when taken.one_id is null then cluster.fresh_id else cluster.spare_id end
        ) as one_id
    from cluster
    left join carried on cluster.cluster_no = carried.cluster_no
    left join (select distinct one_id from previous) as taken on cluster.fresh_id = taken.one_id
)

select
    record.record_key,
    record.source,
    record.entity,
    record.source_key,
    named.one_id,
    record.first_seen_at,
    cast('{{ run_started_at }}' as timestamp with time zone) as mapped_at
from record
inner join named on record.cluster_no = named.cluster_no
