-- Common names are nobody's typing errors: Christian and Christina are two people, Christian and Christain may be one.
select
    given_name,
    count(*) as record_cnt,
    count(*) >= greatest(10, 0.0002 * sum(count(*)) over ()) as is_common
from {{ ref('id_record') }}
where given_name is not null
group by given_name
