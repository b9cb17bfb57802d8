-- The log's last word on each value.
select
    identifier_type,
    identifier_value,
    decided_by,
    decided_at,
    reason
from {{ ref('id_blocked_value') }}
qualify
    row_number() over (partition by identifier_type, identifier_value order by decided_at desc) = 1
    and decision = 'block'
