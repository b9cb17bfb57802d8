select country, region_code, period, month_on, grain, measure, brand, model, energy, units
from {{ ref('stg_market__registration') }}
