select
    region_code,
    {{ clean_text('name') }} as region_name,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'region') }}
