-- Every value is a star around its oldest record, never all pairs: n records give at most n - 1 edges.
{{ config(
    materialized='incremental', unique_key=['identifier_type', 'identifier_value'], touched_by='id_touched_value'
) }}
-- depends_on: {{ ref('id_withdrawn_edge') }} (which reads what stands here before it goes)

with member as (
    select
        observation.identifier_type,
        observation.identifier_value,
        record.record_no,
        {{ name_on_record('record') }} as name,
        value_name.first_record_no,
        value_name.anchor_record_no,
        shared.reason as shared_reason,
        first_value(record.record_no) over oldest_first as oldest_record_no,
        max(value_name.top_record_no) over value_members as top_record_no,
        coalesce(max(value_name.person_cnt) over value_members, 0) as person_cnt,
        coalesce(bool_or(value_name.is_company) over value_members, false) as has_company
    from {{ ref('id_observation') }} as observation
    semi join {{ ref('id_touched_value') }} as touched
        on
            observation.identifier_type = touched.identifier_type
            and observation.identifier_value = touched.identifier_value
    inner join {{ ref('id_record') }} as record on observation.record_no = record.record_no
    left join {{ ref('id_value_name') }} as value_name
        on
            observation.identifier_type = value_name.identifier_type
            and observation.identifier_value = value_name.identifier_value
            and {{ name_on_record('record') }} = value_name.given_name
            and record.family_name is not distinct from value_name.family_name
    left join {{ ref('id_shared_value') }} as shared
        on
            observation.identifier_type = shared.identifier_type
            and observation.identifier_value = shared.identifier_value
    window
        value_members as (partition by observation.identifier_type, observation.identifier_value),
        oldest_first as (value_members order by record.age_no)
),

judged as (
    select
        member.identifier_type,
        member.identifier_value,
        member.record_no,
        rule.priority,
        case
            when member.shared_reason is not null then member.oldest_record_no
            when member.name is null then coalesce(member.top_record_no, member.oldest_record_no)
            when member.record_no <> member.first_record_no then member.first_record_no
            else coalesce(member.anchor_record_no, member.top_record_no)
        end as other_record_no,
        case
            when member.shared_reason is not null then 'shared_value'
            when member.name is null and member.person_cnt > 1 then 'several_names'
            when member.name is null and rule.nameless = 'drop' then 'no_name'
            when member.name is null and rule.nameless = 'person' and member.has_company then 'company'
            when member.name is not null and member.record_no = member.first_record_no
                and member.anchor_record_no is null then 'different_name'
            when rule.policy = 'support' then 'needs_support'
            when member.identifier_type = 'phone' and {{ is_landline('member.identifier_value') }} then 'needs_support'
        end as drop_reason
    from member
    inner join {{ ref('id_rule') }} as rule on member.identifier_type = rule.identifier_type
)

select identifier_type, identifier_value, record_no, priority, other_record_no, drop_reason
from judged
where record_no <> other_record_no
