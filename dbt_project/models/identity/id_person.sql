-- Numbers are given once and never given again, whatever becomes of the person.
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='one_id') }}

with standing as (
    {% if is_incremental() %}
        select one_id, person_no, created_at, is_current from {{ this }}
    {% else %}
        select
            cast(null as varchar) as one_id, cast(null as bigint) as person_no,
            cast(null as timestamp with time zone) as created_at, cast(null as boolean) as is_current
        where false
    {% endif %}
),

mapped as (
    select one_id, min(first_seen_at) as first_seen_at
    from {{ ref('id_map') }}
    group by one_id
)

select
    coalesce(mapped.one_id, standing.one_id) as one_id,
    coalesce(
        standing.person_no,
        (select coalesce(max(given.person_no), -1) from standing as given)
        + row_number() over (partition by standing.person_no is null order by mapped.first_seen_at, mapped.one_id)
    ) as person_no,
    coalesce(standing.created_at, cast('{{ run_started_at }}' as timestamp with time zone)) as created_at,
    mapped.one_id is not null as is_current
from mapped
full join standing on mapped.one_id = standing.one_id
where mapped.one_id is not null is distinct from coalesce(standing.is_current, false) or standing.one_id is null
