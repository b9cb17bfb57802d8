select campaign_id, campaign_name, channel, series_code, starts_on, ends_on, budget_amt
from {{ ref('stg_marketing__campaign') }}
