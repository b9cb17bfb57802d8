{#- Up to which load of a source a table has taken over its rows, as text like the loads' ids; '' for none.
    Kept in indicator_state.load_mark, written in the transaction that writes the table.
    {{ load_mark('fct_app_event') }} -#}
{% macro load_mark(table_name) %}
    {%- if not execute %}{{ return('') }}{% endif -%}
    {%- set found = run_query("select load_id from indicator_state.load_mark where table_name = '" ~ table_name ~ "'") -%}
    {{ return(found.rows[0][0] if found.rows | length else '') }}
{% endmacro %}

{#- Note that `table_name` has everything up to `load_id`, an SQL expression. -#}
{% macro move_load_mark(table_name, load_id) %}
    delete from indicator_state.load_mark where table_name = '{{ table_name }}';
    insert into indicator_state.load_mark
    select '{{ table_name }}' as table_name, {{ load_id }} as load_id
{% endmacro %}
