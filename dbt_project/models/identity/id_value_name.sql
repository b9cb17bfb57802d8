-- The guard against shared identifiers: a value joins records of one name, not of all who use it.
{{ config(
    materialized='incremental', unique_key=['identifier_type', 'identifier_value'], touched_by='id_touched_value'
) }}

with usable as (
    select
        observation.identifier_type,
        observation.identifier_value,
        record.record_no,
        record.age_no,
        {{ name_on_record('record') }} as given_name,
        record.family_name,
        record.given_name is null as is_company
    from {{ ref('id_observation') }} as observation
    semi join {{ ref('id_touched_value') }} as touched
        on
            observation.identifier_type = touched.identifier_type
            and observation.identifier_value = touched.identifier_value
    inner join {{ ref('id_record') }} as record on observation.record_no = record.record_no
    anti join {{ ref('id_shared_value') }} as shared
        on
            observation.identifier_type = shared.identifier_type
            and observation.identifier_value = shared.identifier_value
    where {{ name_on_record('record') }} is not null
),

name as (
    select
        usable.identifier_type,
        usable.identifier_value,
        usable.given_name,
        usable.family_name,
        bool_and(usable.is_company) as is_company,
        arg_min(usable.record_no, usable.age_no) as first_record_no,
        row_number() over (
            partition by usable.identifier_type, usable.identifier_value order by count(*) desc, min(usable.age_no)
        ) as name_rank
    from usable
    group by usable.identifier_type, usable.identifier_value, usable.given_name, usable.family_name
),

anchored as (  -- n:1, each name hangs on the most used name that it can be a spelling of
    select
        name.identifier_type,
        name.identifier_value,
        name.name_rank,
        min(anchor.name_rank) as anchor_rank
    from name
    inner join name as anchor
        on
            name.identifier_type = anchor.identifier_type
            and name.identifier_value = anchor.identifier_value
            and name.name_rank > anchor.name_rank
    inner join {{ ref('id_rule') }} as rule on name.identifier_type = rule.identifier_type
    left join {{ ref('id_given_name') }} as left_name on name.given_name = left_name.given_name
    left join {{ ref('id_given_name') }} as right_name on anchor.given_name = right_name.given_name
    where
        {{ is_similar_given_name(
            'name.given_name', 'anchor.given_name',
            'coalesce(left_name.is_common and right_name.is_common, false)'
        ) }}
        and (
            rule.family_name = 'free'
            or {{ is_similar_family_name('name.family_name', 'anchor.family_name') }}
            or (rule.family_name = 'similar' and (name.family_name is null or anchor.family_name is null))
        )
    group by name.identifier_type, name.identifier_value, name.name_rank
)

select
    name.identifier_type,
    name.identifier_value,
    name.given_name,
    name.family_name,
    name.is_company,
    name.name_rank,
    name.first_record_no,
    anchor.first_record_no as anchor_record_no,
    first_value(name.first_record_no) over value_names as top_record_no,
    count(*) filter (where anchored.anchor_rank is null) over (
        partition by name.identifier_type, name.identifier_value
    ) as person_cnt
from name
left join anchored
    on
        name.identifier_type = anchored.identifier_type
        and name.identifier_value = anchored.identifier_value
        and name.name_rank = anchored.name_rank
left join name as anchor
    on
        anchored.identifier_type = anchor.identifier_type
        and anchored.identifier_value = anchor.identifier_value
        and anchored.anchor_rank = anchor.name_rank
window value_names as (partition by name.identifier_type, name.identifier_value order by name.name_rank)
