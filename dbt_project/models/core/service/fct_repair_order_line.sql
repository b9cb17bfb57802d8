select
    line.order_no as repair_order_id,
    line.line_no,
    repair.one_id,
    repair.dealer_id,
    repair.region_code,
    repair.vin,
    repair.series_code,
    line.kind,
    line.item_no,
    line.quantity,
    line.line_amt,
    line.cost_amt,
    repair.opened_at,
    repair.opened_on
from {{ ref('stg_service__repair_order_line') }} as line
-- n:1; the lines of voided orders drop out
inner join {{ ref('fct_repair_order') }} as repair on line.order_no = repair.repair_order_id
