-- Compiled from indicators/registry/dealer_expense.yml: edit there, then `forecourt indicators compile`.

select
    stat_on as stat_date,
    dealer_id,
    region_code,
    cast(sum(expense_amt) as decimal(18, 4)) as dealer_opex_amt
from {{ ref('fct_dealer_expense') }}
where stat_on is not null
group by
    stat_on,
    dealer_id,
    region_code
