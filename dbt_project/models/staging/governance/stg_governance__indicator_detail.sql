with described as (
    {{ optional_table('raw_governance', 'indicator_detail', {
        'code': 'varchar', 'formula_tree': 'varchar', 'query_sql': 'varchar',
        'tables': 'varchar []', 'lineage': 'varchar', 'test_names': 'varchar []', 'used_by': 'varchar'
    }) }}
)

select code, formula_tree, query_sql, tables, lineage, test_names, used_by
from described
