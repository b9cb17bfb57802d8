select
    survey_no,
    {{ clean_text('kind') }} as kind,
    customer_no,
    {{ clean_text('crm_card_id') }} as card_id,
    {{ clean_text('dealer_code') }} as dealer_id,
    order_no,
    nps_score,
    {{ clean_text('comment') }} as comment_text,
    {{ read_local_instant('answered_at') }} as answered_at,
    change_seq
from {{ source('service', 'survey') }}
