select
    session_id,
    {{ clean_text('device_id') }} as device_key,
    {{ clean_text('campaign_id') }} as campaign_id,
    {{ clean_text('channel') }} as channel,
    {{ clean_text('series_code') }} as series_code,
    page_views as page_cnt,
    {{ read_instant('started_at') }} as started_at,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('marketing', 'site_session') }}
