select record_no from {{ ref('id_touched_record') }}
union
select record_no
from {{ ref('id_match_input') }}
where (select max(trained_at) from {{ ref('id_match_model') }}) >= (select started_at from {{ ref('id_build') }})
