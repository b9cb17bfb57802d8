{#- Incremental strategy of OneID: the rows of everything that the batch touched are taken out, the model's rows put in.
    Config `touched_by` names the model that says what was touched; it has the columns of `unique_key`, or, where that is
    a pair of records, record_no: then a row goes when either end was touched. Unlike delete+insert it also takes out
    what is gone. Where people are worked out anew (id_build), all rows are taken out first.
    {{ config(incremental_strategy='replace_touched', unique_key='record_no', touched_by='id_touched_record') }} -#}
{% macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set key = arg_dict['unique_key'] -%}
    {%- set keys = [key] if key is string else key -%}
    {%- set touched = ref(config.require('touched_by')) -%}
    {%- set build = api.Relation.create(database=target.database, schema='identity', identifier='id_build') -%}
    delete from {{ target }} where (select is_whole from {{ build }});

    {% if keys == ['record_no', 'other_record_no'] -%}
        delete from {{ target }} using {{ touched }} as touched where {{ target }}.record_no = touched.record_no;
        delete from {{ target }} using {{ touched }} as touched where {{ target }}.other_record_no = touched.record_no;
    {%- else -%}
        delete from {{ target }} using {{ touched }} as touched
        where {% for name in keys %}{{ target }}.{{ name }} = touched.{{ name }}{{ ' and ' if not loop.last }}{% endfor %};
    {%- endif %}

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
