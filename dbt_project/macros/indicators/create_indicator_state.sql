{#- What the materialization `incremental_by_day` remembers between builds, in a schema that is not published:
      day_fingerprint  what a table's fact looked like, day by day, when the table was last written
      restatement      the log of values that changed after their day was over; rows are only added
      load_mark        up to which load a table has taken over its rows (macros/live)
    Made at the start of a run, because two threads that make the same table at once refuse each other.
    on-run-start: "{{ create_indicator_state() }}" -#}
{% macro create_indicator_state() %}
    create schema if not exists indicator_state;
    create table if not exists indicator_state.day_fingerprint (
        table_name varchar,
        stat_date date,
        row_cnt bigint,
        key_hash hugeint,
        row_hash hugeint,
        person_hash hugeint,
        definition varchar,
        written_at timestamp with time zone
    );
    create table if not exists indicator_state.restatement (
        table_name varchar,
        indicator_code varchar,
        stat_date date,
        value_before double,
        value_after double,
        cause varchar,
        published_at timestamp with time zone,
        restated_at timestamp with time zone,
        invocation_id varchar
    );
    create table if not exists indicator_state.load_mark (table_name varchar, load_id varchar)
{% endmacro %}
