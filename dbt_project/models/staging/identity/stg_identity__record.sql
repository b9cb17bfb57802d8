-- Records of `forecourt identity evaluate`; no warehouse has them.
{% set columns = {'record_id': 'varchar', 'source': 'varchar'} %}
{% set said = [] %}
{% for column in record_columns() %}
    {% do columns.update({column: 'varchar'}) %}
    {% do said.append(clean_text(column) ~ ' as ' ~ column) %}
{% endfor %}
with record as (
    {{ optional_table('raw_identity', 'record', columns) }}
)

select
    {{ clean_text('record_id') }} as record_id,
    coalesce({{ clean_text('source') }}, 'file') as source,
    {{ said | join(',\n    ') }}
from record
