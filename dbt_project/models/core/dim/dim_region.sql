with code as (  -- a dealer may name a region that the list does not hold yet
    select region_code from {{ ref('stg_crm__region') }}
    union
    select region_code from {{ ref('stg_crm__dealer') }} where region_code is not null
)

select
    code.region_code,
    coalesce(region.region_name, code.region_code) as region_name
from code
left join {{ ref('stg_crm__region') }} as region on code.region_code = region.region_code
