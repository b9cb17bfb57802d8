select
    dealer_id,
    {{ clean_text('name') }} as dealer_name,
    {{ clean_text('region_code') }} as region_code,
    {{ clean_text('city') }} as city,
    {{ clean_postal_code('postal_code') }} as postal_code,
    {{ clean_text('tier') }} as tier,
    {{ clean_text('market_type') }} as market_type,
    {{ phone_digits('phone') }} as phone_digits,
    {{ clean_email('email') }} as email,
    {{ read_date('opened_on') }} as opened_on,
    {{ read_date('closed_on') }} as closed_on,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'dealer') }}
