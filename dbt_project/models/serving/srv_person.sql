select
    person_no,
    age_band,
    gender,
    customer_kind,
    is_owner,
    first_source,
    value_band
from {{ ref('dim_customer_attribute') }}
