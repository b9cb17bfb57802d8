-- The guard that nobody has to feed: a value on records of more different names than a household has is shared by
-- strangers (a placeholder, a switchboard, a shop's tablet). Initials are counted: typos do not look like people.
{{ config(
    materialized='incremental', unique_key=['identifier_type', 'identifier_value'], touched_by='id_touched_value'
) }}
{% set limits = {
    'email': var('id_max_names_per_email'), 'phone': var('id_max_names_per_phone'),
    'device': var('id_max_names_per_device'), 'subscriber': var('id_max_names_per_email')
} %}

with observation as (
    select observation.*
    from {{ ref('id_observation') }} as observation
    semi join {{ ref('id_touched_value') }} as touched
        on
            observation.identifier_type = touched.identifier_type
            and observation.identifier_value = touched.identifier_value
),

listed as (
    select listed.*
    from {{ ref('id_listed_value') }} as listed
    semi join {{ ref('id_touched_value') }} as touched
        on
            listed.identifier_type = touched.identifier_type
            and listed.identifier_value = touched.identifier_value
),

value_use as (
    select
        observation.identifier_type,
        observation.identifier_value,
        count(*) as record_cnt,
        count(distinct left(record.given_name, 1) || left(record.family_name, 1)) as name_cnt,
        count(*) filter (where record.entity = 'account') as account_cnt
    from observation
    inner join {{ ref('id_record') }} as record on observation.record_no = record.record_no
    where observation.identifier_type in ({{ "'" ~ limits | join("', '") ~ "'" }})
    group by observation.identifier_type, observation.identifier_value
),

reason as (
    select identifier_type, identifier_value, reason, case reason when 'listed' then 1 else 2 end as reason_no
    from listed
    union all
    select identifier_type, identifier_value, 'several_accounts', 3
    from value_use
    where identifier_type = 'device' and account_cnt > 1
    union all
    select identifier_type, identifier_value, 'too_many_names', 4
    from value_use
    where
        {% for type, limit in limits.items() -%}
            (identifier_type = '{{ type }}' and name_cnt > {{ limit }}){{ ' or' if not loop.last }}
        {% endfor %}
        or (name_cnt = 0 and record_cnt > {{ var('id_max_records_without_name') }} and identifier_type <> 'device')
)

select
    reason.identifier_type,
    reason.identifier_value,
    arg_min(reason.reason, reason.reason_no) as reason,
    any_value(value_use.record_cnt) as record_cnt,
    any_value(value_use.name_cnt) as name_cnt
from reason
left join value_use
    on reason.identifier_type = value_use.identifier_type and reason.identifier_value = value_use.identifier_value
group by reason.identifier_type, reason.identifier_value
