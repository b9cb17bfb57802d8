-- Common names are nobody's typing errors: Christian and Christina are two people, Christian and Christain may be one.
with standing_name as (
    {{ standing('id_given_name', {'given_name': 'varchar', 'is_common': 'boolean'}) }}
),

name as (
    select
        given_name,
        count(*) as record_cnt,
        count(*) >= greatest(10, 0.0002 * sum(count(*)) over ()) as is_common
    from {{ ref('id_record') }}
    where given_name is not null
    group by given_name
)

select
    name.given_name,
    name.record_cnt,
    name.is_common,
    coalesce(standing_name.is_common, name.is_common) as was_common
from name
left join standing_name on name.given_name = standing_name.given_name
