{#- The tables that Forecourt itself fills: what tests said (on-run-end), the last good value and the details of each
    indicator (before a publish). Made at the start of a run, so that the views over them stand on a table from the
    first build on. -#}
{% macro create_governance_tables() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'test') %}
create schema if not exists raw_governance;
create table if not exists raw_governance.test_result (
    test_name varchar primary key,
    status varchar,
    failed_cnt bigint,
    message varchar,
    ran_at timestamp with time zone,
    failing_since timestamp with time zone
);
create table if not exists raw_governance.indicator_value (
    code varchar primary key,
    value double,
    period varchar,
    first_on date,
    last_on date,
    course_days date [],
    course_values double [],
    measured_at timestamp with time zone
);
create table if not exists raw_governance.indicator_detail (
    code varchar primary key,
    formula_tree varchar,
    query_sql varchar,
    tables varchar [],
    lineage varchar,
    test_names varchar [],
    used_by varchar
);
    {%- endif %}
{% endmacro %}
