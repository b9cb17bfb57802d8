select
    person_no,
    age_band,
    gender,
    customer_kind,
    is_owner,
    home_region_code,
    owned_series_code,
    first_source,
    first_channel,
    value_band
from {{ ref('dim_customer_attribute') }}
