with day as (
    select cast(day as date) as date_day
    from generate_series(date '2010-01-01', date '2035-12-31', interval 1 day) as series (day)
)

select
    date_day,
    extract('year' from date_day) as year_no,
    extract('quarter' from date_day) as quarter_no,
    extract('month' from date_day) as month_no,
    extract('isoyear' from date_day) as iso_year_no,
    extract('week' from date_day) as iso_week_no,
    extract('isodow' from date_day) as weekday_no,
    extract('isodow' from date_day) >= 6 as is_weekend,
    cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_on,
    cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_on,
    cast({{ dbt.date_trunc('quarter', 'date_day') }} as date) as quarter_on,
    cast({{ dbt.date_trunc('year', 'date_day') }} as date) as year_on
from day
