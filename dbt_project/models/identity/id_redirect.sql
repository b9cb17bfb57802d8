-- An id that was merged away leads to whoever most of its records stand for now, over however many merges.
{{ config(materialized='view') }}

with move as (
    select membership.previous_one_id as one_id, map.one_id as current_one_id, count(*) as record_cnt
    from {{ ref('id_membership') }} as membership
    inner join {{ ref('id_map') }} as map on membership.record_key = map.record_key
    inner join {{ ref('id_person') }} as person on membership.previous_one_id = person.one_id
    where not person.is_current
    group by membership.previous_one_id, map.one_id
)

select one_id, current_one_id
from move
qualify row_number() over (partition by one_id order by record_cnt desc, current_one_id asc) = 1
