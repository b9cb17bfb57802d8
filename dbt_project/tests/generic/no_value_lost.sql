{#- Staging never fails on a value that it cannot read: the value becomes null. This test makes the number of such values
    visible as a warning. `columns` maps a staging column to the raw column that it reads.
    data_tests: [no_value_lost: {arguments: {raw: source('crm', 'lead'), columns: {created_at: created_at}}}] -#}
{% test no_value_lost(model, raw, columns) %}
{{ config(severity='warn', fail_calc='coalesce(sum(lost_cnt), 0)') }}
{% for column, raw_column in columns.items() %}
select
    '{{ column }}' as column_name,
    (select count(nullif(trim(cast({{ raw_column }} as varchar)), '')) from {{ raw }})
    - (select count({{ column }}) from {{ model }}) as lost_cnt
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
