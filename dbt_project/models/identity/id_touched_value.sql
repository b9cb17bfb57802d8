-- What stands of the batch before is read from id_edge_candidate, in which each value of two records or more has
-- edges.
with standing_edge as (
    {{ standing('id_edge_candidate', {
        'identifier_type': 'varchar', 'identifier_value': 'varchar', 'record_no': 'bigint', 'other_record_no': 'bigint'
    }) }}
),

standing_shared as (
    {{ standing('id_shared_value', {
        'identifier_type': 'varchar', 'identifier_value': 'varchar', 'reason': 'varchar'
    }) }}
),

standing_listed as (
    select identifier_type, identifier_value from standing_shared
    where reason in ('listed', 'dealer_contact') and not (select build.is_whole from {{ ref('id_build') }} as build)
),

touched as (
    select observation.identifier_type, observation.identifier_value
    from {{ ref('id_observation') }} as observation
    semi join {{ ref('id_touched_record') }} as touched on observation.record_no = touched.record_no
    union all
    select edge.identifier_type, edge.identifier_value
    from standing_edge as edge
    semi join {{ ref('id_touched_record') }} as touched on edge.record_no = touched.record_no
    union all
    select edge.identifier_type, edge.identifier_value
    from standing_edge as edge
    semi join {{ ref('id_touched_record') }} as touched on edge.other_record_no = touched.record_no
    union all
    select observation.identifier_type, observation.identifier_value
    from {{ ref('id_observation') }} as observation
    inner join {{ ref('id_record') }} as record on observation.record_no = record.record_no
    inner join {{ ref('id_given_name') }} as name on record.given_name = name.given_name
    where name.is_common <> name.was_common  -- what passed for a typing error yesterday
    union all
    select
        coalesce(now.identifier_type, before.identifier_type),
        coalesce(now.identifier_value, before.identifier_value)
    from {{ ref('id_listed_value') }} as now
    full join standing_listed as before
        on now.identifier_type = before.identifier_type and now.identifier_value = before.identifier_value
    where now.identifier_value is null or before.identifier_value is null
)

select distinct identifier_type, identifier_value
from touched
