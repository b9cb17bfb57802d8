select
    order_no,
    line_no,
    {{ clean_text('kind') }} as kind,
    {{ clean_text('item_no') }} as item_no,
    {{ clean_text('description') }} as line_text,
    quantity,
    cast(amount as decimal(14, 2)) as line_amt,
    cast(cost_amt as decimal(14, 2)) as cost_amt,
    change_seq
from {{ source('service', 'repair_order_line') }}
