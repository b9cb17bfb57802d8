{#- One branch of id_source_record: `said` maps what the source says to its expressions, all else is null.
    `source`, `key` and `first_seen_at` are expressions over `relation`.
    {{ source_record("'crm'", 'lead', 'lead_id', 'created_at', ref('stg_crm__lead'), {'email': 'email'}, 'is_test') }} -#}
{% macro source_record(source, entity, key, first_seen_at, relation, said, is_test='false') -%}
select
    {{ source }} as source,
    '{{ entity }}' as entity,
    cast({{ key }} as varchar) as source_key,
    {{ first_seen_at }} as first_seen_at,
    {{ is_test }} as is_test,
    {% for column in record_columns() -%}
        cast({{ said.get(column, 'null') }} as varchar) as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ relation }}
{%- endmacro %}
