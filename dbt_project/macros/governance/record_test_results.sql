{#- What each test of this run said, kept until it runs again (raw_governance.test_result). A test that was skipped says
    nothing: what it said last stays. On-run-end, so that `forecourt build`, Dagster and plain dbt all record alike.
    on-run-end: "{{ record_test_results(results) }}" -#}
{% macro record_test_results(results) %}
    {%- if execute and flags.WHICH in ('build', 'test') %}
        {%- set tests = [] %}
        {%- for result in results if result.node.resource_type == 'test' and result.status != 'skipped' %}
            {%- do tests.append(result) %}
        {%- endfor %}
        {%- if tests %}
insert into raw_governance.test_result
select test_name, status, failed_cnt, message, now(), case when status != 'pass' then now() end
from (
    values
            {%- for result in tests %}
    (
        '{{ result.node.name }}', '{{ result.status }}', {{ result.failures if result.failures is not none else 'null' }},
        {{ "'" ~ (result.message | replace("'", "''")) ~ "'" if result.message else 'null' }}
    ){{ ',' if not loop.last }}
            {%- endfor %}
) as said (test_name, status, failed_cnt, message)
on conflict (test_name) do update set
    status = excluded.status,
    failed_cnt = excluded.failed_cnt,
    message = excluded.message,
    ran_at = excluded.ran_at,
    failing_since = case when excluded.status != 'pass' then coalesce(failing_since, excluded.ran_at) end;
        {%- endif %}
    {%- endif %}
{% endmacro %}
