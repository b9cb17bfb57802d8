-- Records of `forecourt identity evaluate`, which trims them while it reads the file; no warehouse has them.
{% set columns = {'record_id': 'varchar', 'source': 'varchar'} %}
{% for column in record_columns() %}{% do columns.update({column: 'varchar'}) %}{% endfor %}
with record as (
    {{ optional_table('raw_identity', 'record', columns) }}
)

select
    record_id,
    source,
    {{ record_columns() | join(',\n    ') }}
from record
