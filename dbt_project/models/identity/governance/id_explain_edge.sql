{{ config(materialized='view') }}

select
    person.one_id,
    other_person.one_id as other_one_id,
    edge.record_key,
    edge.other_record_key,
    edge.record_no,
    edge.other_record_no,
    edge.tier,
    edge.rule,
    case
        when edge.rule = 'email' then {{ mask('email', 'edge.identifier_value') }}
        when edge.rule = 'phone' then {{ mask('phone', 'edge.identifier_value') }}
        when edge.rule in ('crm_lead', 'crm_card', 'subscriber') then edge.identifier_value  -- keys of records
        else left(edge.identifier_value, 1) || '…' || right(edge.identifier_value, 2)
    end as masked_value,
    md5(edge.rule || '|' || coalesce(edge.identifier_value, edge.record_key || '|' || edge.other_record_key))
        as evidence_key,
    edge.priority,
    edge.match_weight,
    edge.is_kept,
    edge.drop_reason
from {{ ref('id_edge') }} as edge
inner join {{ ref('id_map') }} as person on edge.record_key = person.record_key
inner join {{ ref('id_map') }} as other_person on edge.other_record_key = other_person.record_key
