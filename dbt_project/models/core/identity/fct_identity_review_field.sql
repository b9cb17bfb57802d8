-- Side by side, masked here, so that nothing to the right of this model has held a readable value.
with pair as (
    select queue.*
    from {{ ref('id_review_queue') }} as queue
    inner join {{ ref('fct_identity_review') }} as published on queue.pair_no = published.pair_no
),

compared as (
    {% for field in review_fields() -%}
        select
            pair.pair_no,
            {{ loop.index }} as field_no,
            '{{ field }}' as field,
            pair.{{ field }}_agreement as agreement,
            {{ mask(field, 'one.' ~ field) }} as masked_a,
            {{ mask(field, 'other.' ~ field) }} as masked_b
        from pair
        inner join {{ ref('id_record') }} as one on pair.record_key_a = one.record_key
        inner join {{ ref('id_record') }} as other on pair.record_key_b = other.record_key
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select pair_no, field_no, field, agreement, masked_a, masked_b
from compared
