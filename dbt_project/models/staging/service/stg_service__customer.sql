select
    customer_no,
    {{ clean_text('title') }} as title,
    {{ clean_text('name') }} as full_name,
    case when coalesce(is_company, 0) = 0 then {{ given_name_of('name') }} end as given_name,
    case when coalesce(is_company, 0) = 0 then {{ family_name_of('name') }} end as family_name,
    case when is_company = 1 then {{ clean_text('name') }} end as organisation,
    {{ read_flag('is_company') }} as is_company,
    {{ read_german_date('birth_date') }} as birth_date,
    {{ clean_email('email') }} as email,
    {{ phone_digits('phone') }} as phone_digits,
    {{ clean_text('street') }} as street,
    {{ clean_postal_code('zip') }} as postal_code,
    {{ clean_text('city') }} as city,
    {{ clean_text('dealer_code') }} as dealer_id,
    {{ read_local_instant('created_at') }} as created_at,
    {{ read_flag('voided') }} as is_deleted,
    change_seq
from {{ source('service', 'customer') }}
