-- The guard that nobody has to feed: a value on records of more different names than a household has is shared by
-- strangers (a placeholder, a switchboard, a shop's tablet). Initials are counted: typos do not look like people.
-- Where records have no names, it is what else they carry that tells (id_degree_limit).
{{ config(
    materialized='incremental', unique_key=['identifier_type', 'identifier_value'], touched_by='id_touched_value'
) }}
{% set limits = {
    'email': var('id_max_names_per_email'), 'phone': var('id_max_names_per_phone'),
    'device': var('id_max_names_per_device'), 'subscriber': var('id_max_names_per_email'),
    'national_id': var('id_max_names_per_key'), 'crm_id': var('id_max_names_per_key'),
    'app_user_id': var('id_max_names_per_key'), 'vin': var('id_max_names_per_vehicle')
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
        count(*) filter (where {{ name_on_record('record') }} is null) as nameless_cnt,
        count(*) filter (where record.entity = 'account') as account_cnt
    from observation
    inner join {{ ref('id_record') }} as record on observation.record_no = record.record_no
    where observation.identifier_type in ({{ "'" ~ limits | join("', '") ~ "'" }})
    group by observation.identifier_type, observation.identifier_value
),

value_degree as (  -- few values have as many records as the limit has values
    select
        observation.identifier_type,
        observation.identifier_value,
        degree.other_type,
        count(distinct other.identifier_value) as other_cnt
    from value_use
    inner join {{ ref('id_degree_limit') }} as degree
        on value_use.identifier_type = degree.identifier_type and value_use.record_cnt > degree.max_values
    inner join observation
        on
            value_use.identifier_type = observation.identifier_type
            and value_use.identifier_value = observation.identifier_value
    inner join {{ ref('id_observation') }} as other
        on observation.record_no = other.record_no and degree.other_type = other.identifier_type
    group by observation.identifier_type, observation.identifier_value, degree.other_type, degree.max_values
    having count(distinct other.identifier_value) > degree.max_values
),

reason as (
    select
        identifier_type,
        identifier_value,
        reason,
        case reason when 'listed' then 1 else 2 end as reason_no,
        null as other_type,
        null as other_cnt
    from listed
    union all
    select identifier_type, identifier_value, 'several_accounts', 3, null, null
    from value_use
    where identifier_type = 'device' and account_cnt > 1
    union all
    select identifier_type, identifier_value, 'too_many_names', 4, null, null
    from value_use
    where
        {% for type, limit in limits.items() -%}
            {{ 'or ' if not loop.first }}(identifier_type = '{{ type }}' and name_cnt > {{ limit }})
        {% endfor %}
    union all
    select identifier_type, identifier_value, 'too_many_values', 5, other_type, other_cnt
    from value_degree
    union all
    select identifier_type, identifier_value, 'too_many_nameless', 6, null, null
    from value_use
    where
        identifier_type not in ('device', 'vin')
        and case when name_cnt = 0 then record_cnt else nameless_cnt end > {{ var('id_max_records_without_name') }}
)

select
    reason.identifier_type,
    reason.identifier_value,
    arg_min(reason.reason, reason.reason_no) as reason,
    any_value(value_use.record_cnt) as record_cnt,
    any_value(value_use.name_cnt) as name_cnt,
    arg_min(reason.other_type, row(reason.reason_no, reason.other_type)) as other_type,
    arg_min(reason.other_cnt, row(reason.reason_no, reason.other_type)) as other_cnt
from reason
left join value_use
    on reason.identifier_type = value_use.identifier_type and reason.identifier_value = value_use.identifier_value
group by reason.identifier_type, reason.identifier_value
