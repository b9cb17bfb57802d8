-- Records of `forecourt identity evaluate`; no warehouse has them.
{% set columns = {'record_id': 'varchar', 'source': 'varchar'} %}
{% for column in record_columns() %}{% do columns.update({column: 'varchar'}) %}{% endfor %}
with record as (
    {{ optional_table('raw_identity', 'record', columns) }}
)

select
    {{ clean_text('record_id') }} as record_id,
    coalesce({{ clean_text('source') }}, 'file') as source,
    {% for column in record_columns() -%}
        {{ clean_text(column) }} as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from record
