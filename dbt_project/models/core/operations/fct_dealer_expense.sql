select
    expense.dealer_id,
    dealer.region_code,
    expense.kind,
    cast(
        {{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'expense.month_on')) }} as date
    ) as stat_on,
    expense.month_on,
    expense.expense_amt
from {{ ref('stg_crm__dealer_expense') }} as expense
left join {{ ref('dim_dealer') }} as dealer on expense.dealer_id = dealer.dealer_id
