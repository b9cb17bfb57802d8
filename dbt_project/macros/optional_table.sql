{#- A table that something outside dbt writes and that need not be there yet (answers of the review, labels of an
    evaluation): a query of it, or of no rows with these columns. Not a dbt source: a missing source breaks the build.
    {{ optional_table('raw_identity', 'label', {'left_record_id': 'varchar', 'is_match': 'boolean'}) }} -#}
{% macro optional_table(schema, name, columns) -%}
    {%- set wanted = api.Relation.create(database=target.database, schema=schema, identifier=name) -%}
    {%- set found = load_relation(wanted) if execute else none -%}
    select
        {% for column, type in columns.items() -%}
            cast({{ column if found else 'null' }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    {% if found %}from {{ found }}{% else %}where false{% endif %}
{%- endmacro %}
