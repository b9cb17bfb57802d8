-- The golden record: for each attribute the value of the most trusted source, there of the latest record.
with record as (
    select
        person.one_id,
        record.*,
        case split_part(record.record_key, ':', 1)
            when 'crm.card' then 1
            when 'service.customer' then 2
            when 'app.account' then 3
            when 'marketing.subscriber' then 4
            else 5
        end as source_rank
    from {{ ref('id_map') }} as person
    inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
    where record.entity <> 'device'
),

ranked as (
    select
        *,
        row_number() over (partition by one_id order by source_rank asc, record_no desc) as trust_rank
    from record
)

select
    one_id,
    {{ best_value('typed_given_name') }} as given_name,
    {{ best_value('typed_given_name', 'record_key') }} as given_name_record_key,
    {{ best_value('typed_family_name') }} as family_name,
    {{ best_value('typed_family_name', 'record_key') }} as family_name_record_key,
    {{ best_value('typed_organisation') }} as organisation,
    {{ best_value('typed_organisation', 'record_key') }} as organisation_record_key,
    {{ best_value('typed_birth_date') }} as birth_date,
    {{ best_value('typed_birth_date', 'record_key') }} as birth_date_record_key,
    {{ best_value('email') }} as email,
    {{ best_value('email', 'record_key') }} as email_record_key,
    {{ best_value('phone') }} as phone,
    {{ best_value('phone', 'record_key') }} as phone_record_key,
    {{ best_value('typed_street') }} as street,
    {{ best_value('typed_street', 'record_key') }} as street_record_key,
    {{ best_value('postal_code') }} as postal_code,
    {{ best_value('postal_code', 'record_key') }} as postal_code_record_key,
    {{ best_value('city') }} as city,
    {{ best_value('city', 'record_key') }} as city_record_key
from ranked
group by one_id
