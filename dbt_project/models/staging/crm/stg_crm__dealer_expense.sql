select
    dealer_id,
    {{ read_date("month || '-01'") }} as month_on,
    {{ clean_text('kind') }} as kind,
    cast(expense_amt as decimal(14, 2)) as expense_amt,
    {{ read_instant('updated_at') }} as updated_at
from {{ source('crm', 'dealer_expense') }}
