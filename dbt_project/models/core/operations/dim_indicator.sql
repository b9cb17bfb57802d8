-- A view: its table is written after the build, when the tests have run and before the snapshot is published.
{{ config(materialized='view') }}

select code, formula_tree, query_sql, tables, lineage, test_names, used_by
from {{ ref('stg_governance__indicator_detail') }}
