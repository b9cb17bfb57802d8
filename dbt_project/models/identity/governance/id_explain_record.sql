{{ config(materialized='view') }}

select
    person.one_id,
    {% for field in review_fields() -%}
        {{ mask(field, 'record.' ~ field) }} as {{ field }},
    {% endfor -%}
    record.record_key,
    record.source,
    record.entity,
    record.first_seen_at
from {{ ref('id_map') }} as person
inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
