select
    pair_no,
    field_no,
    field,
    agreement,
    masked_a,
    masked_b
from {{ ref('fct_identity_review_field') }}
