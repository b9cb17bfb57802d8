-- The name stays in staging: a figure by advisor is read by the id, and who may see the name is decided elsewhere.
select advisor_id, dealer_id
from {{ ref('stg_crm__advisor') }}
