select distinct
    case when change = 'created' then one_id else previous_one_id end as one_id,
    change,
    case when change <> 'created' then one_id end as other_one_id,
    case change
        when 'created' then 'records that nobody was known by'
        when 'merged' then 'evidence joins the records of both'
        when 'split' then 'evidence that joined them is gone'
    end as reason,
    changed_at
from {{ ref('id_membership') }}
where change <> 'joined'
