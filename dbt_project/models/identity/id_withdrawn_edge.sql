-- What the batch puts in question, written down before id_edge_candidate replaces it.
with standing_edge as (
    {{ standing('id_edge_candidate', {
        'identifier_type': 'varchar', 'identifier_value': 'varchar', 'record_no': 'bigint',
        'other_record_no': 'bigint', 'drop_reason': 'varchar'
    }) }}
)

select edge.identifier_type, edge.identifier_value, edge.record_no, edge.other_record_no
from standing_edge as edge
semi join {{ ref('id_touched_value') }} as touched
    on edge.identifier_type = touched.identifier_type and edge.identifier_value = touched.identifier_value
where edge.drop_reason is null
