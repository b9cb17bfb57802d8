select
    series_code,
    {{ clean_text('name') }} as series_name,
    {{ clean_text('segment') }} as segment,
    {{ clean_text('energy') }} as energy,
    cast(msrp_amt as decimal(14, 2)) as msrp_amt,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'series') }}
