-- The golden record: for each attribute the value of the most trusted source, there the latest record, and which it was.
{% set attributes = {
    'given_name': 'typed_given_name', 'family_name': 'typed_family_name', 'organisation': 'typed_organisation',
    'birth_date': 'typed_birth_date', 'email': 'email', 'phone': 'phone', 'street': 'typed_street',
    'postal_code': 'postal_code', 'city': 'city'
} %}

with record as (
    select
        person.one_id,
        record.*,
        row_number() over (
            partition by person.one_id
            order by
                case record.source || '.' || record.entity
                    when 'crm.card' then 1
                    when 'service.customer' then 2
                    when 'app.account' then 3
                    when 'marketing.subscriber' then 4
                    else 5
                end,
                record.record_no desc
        ) as trust_rank
    from {{ ref('id_map') }} as person
    inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
    where record.entity <> 'device'
)

select
    one_id,
    {% for name, column in attributes.items() %}
    arg_min({{ column }}, trust_rank) filter (where {{ column }} is not null) as {{ name }},
    arg_min(record_key, trust_rank) filter (where {{ column }} is not null) as {{ name }}_record_key{{ ',' if not loop.last }}
    {% endfor %}
from record
group by one_id
