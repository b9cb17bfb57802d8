select
    stock.vin,
    stock.dealer_id,
    dealer.region_code,
    stock.series_code,
    series.energy,
    stock.arrived_on,
    stock.left_on
from {{ ref('stg_crm__stock_unit') }} as stock
left join {{ ref('dim_dealer') }} as dealer on stock.dealer_id = dealer.dealer_id
left join {{ ref('dim_series') }} as series on stock.series_code = series.series_code
where stock.vin is not null
