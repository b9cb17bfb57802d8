select
    series_code,
    series_name,
    segment,
    energy,
    msrp_amt
from {{ ref('dim_series') }}
