select
    country,
    region_code,
    period,
    case when contains(period, 'Q') then 'quarter' else 'month' end as grain,
    {{ first_month_of('period') }} as month_on,
    measure,
    brand,
    model,
    energy,
    units
from {{ source('market', 'registration') }}
