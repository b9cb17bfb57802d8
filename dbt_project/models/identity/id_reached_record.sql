-- Whoever stands in a component with something that changed, and nobody else: all edges of these records are among
-- them.
with standing_component as (
    {{ standing('id_component', {'record_no': 'bigint', 'component_no': 'bigint'}) }}
),

start as (
    select record_no from {{ ref('id_touched_record') }}
    union
    select unnest([record_no, other_record_no]) from {{ ref('id_withdrawn_edge') }}
    union
    select unnest([edge.record_no, edge.other_record_no])
    from {{ ref('id_edge_candidate') }} as edge
    semi join {{ ref('id_touched_value') }} as touched
        on edge.identifier_type = touched.identifier_type and edge.identifier_value = touched.identifier_value
    where edge.drop_reason is null
    union
    select record_no from {{ ref('id_rescored_record') }}
    union
    select unnest([pair.record_no, pair.other_record_no])
    from {{ ref('id_scored_pair') }} as pair
    semi join {{ ref('id_rescored_record') }} as rescored on pair.record_no = rescored.record_no
    where pair.match_weight > {{ merge_bar() }}
    union
    select unnest([pair.record_no, pair.other_record_no])
    from {{ ref('id_scored_pair') }} as pair
    semi join {{ ref('id_rescored_record') }} as rescored on pair.other_record_no = rescored.record_no
    where pair.match_weight > {{ merge_bar() }}
    union
    select record.record_no
    from {{ ref('id_record') }} as record
    semi join {{ ref('id_decided_record') }} as decided on record.record_key = decided.record_key
),

reached as (
    select record_no from start
    union
    select component.record_no
    from standing_component as component
    semi join (
        select before.component_no
        from standing_component as before
        semi join start on before.record_no = start.record_no
    ) as reached on component.component_no = reached.component_no
)

select
    reached.record_no,
    record.record_no is null as is_gone,
    -- dense, the oldest record first: nodes for identity.clustering, in an order that no batch changes
    case
        when record.record_no is not null
            then row_number() over (partition by record.record_no is null order by record.age_no) - 1
    end as node_no
from reached
left join {{ ref('id_record') }} as record on reached.record_no = record.record_no
