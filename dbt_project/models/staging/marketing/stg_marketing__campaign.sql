select
    campaign_id,
    {{ clean_text('name') }} as campaign_name,
    {{ clean_text('channel') }} as channel,
    {{ clean_text('series_code') }} as series_code,
    {{ read_date('starts_on') }} as starts_on,
    {{ read_date('ends_on') }} as ends_on,
    cast(budget_amt as decimal(14, 2)) as budget_amt,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'campaign') }}
