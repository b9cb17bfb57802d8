-- Anew where nobody can know what was left undone (a build that stopped half way, a table that is missing), and where
-- what the people are worked out with has changed: a model, a rule, a limit.
{% set state = namespace(missing=0, code=[], limits=[]) %}
{% for node in graph.nodes.values() if node.schema == 'identity' and node.resource_type == 'model' %}
    {% do state.code.append(node.checksum.checksum) %}
    {% set table = api.Relation.create(database=target.database, schema='identity', identifier=node.name) %}
    {% if execute and node.config.get('touched_by') and not load_relation(table) %}
        {% set state.missing = state.missing + 1 %}
    {% endif %}
{% endfor %}
{% for name in [
    'id_max_names_per_email', 'id_max_names_per_phone', 'id_max_names_per_device', 'id_max_names_per_key',
    'id_max_names_per_vehicle', 'id_max_records_without_name', 'id_max_names_per_person', 'id_max_records_per_person',
    'id_max_share_of_birth_date', 'id_scored_pairs', 'id_merge_bar'
] %}
    {% do state.limits.append(name ~ '=' ~ var(name)) %}
{% endfor %}
{% set now = "cast('" ~ run_started_at ~ "' as timestamp with time zone)" %}

with rule as (
    select cast(rule as varchar) as said from {{ ref('id_rule') }} as rule  -- noqa: AL05
    union all
    select cast(degree as varchar) from {{ ref('id_degree_limit') }} as degree  -- noqa: AL05
),

setting as (
    select
        md5(string_agg(rule.said, ';' order by rule.said))
        || '{{ local_md5(state.limits | join(";") ~ state.code | sort | join(";")) }}' as settings
    from rule
),

closed as (
    {{ standing('id_batch', {
        'batch_no': 'bigint', 'settings': 'varchar', 'started_at': 'timestamp with time zone',
        'closed_at': 'timestamp with time zone'
    }) }}
),

last as (
    select batch_no, settings from closed
    qualify row_number() over (order by closed_at desc) = 1
),

before as (
    {{ standing('id_build', {'started_at': 'timestamp with time zone'}) }}
),

judged as (
    select
        setting.settings,
        coalesce((select last.batch_no from last), 0) as closed_batch_no,
        case
            when (select count(*) from closed) = 0 then 'first'
            when {{ 'true' if flags.FULL_REFRESH else 'false' }} then 'full refresh'
            when {{ 'true' if var('id_rebuild') else 'false' }} then 'asked'
            when {{ state.missing }} > 0 then 'missing table'
            when setting.settings <> coalesce((select last.settings from last), '') then 'settings'
            when
                (select count(*) from before where before.started_at not in (select closed.started_at from closed)) > 0
                then 'unfinished build'
        end as whole_reason
    from setting
)

select
    settings,
    closed_batch_no,
    whole_reason is not null as is_whole,
    whole_reason,
    {{ now }} as started_at
from judged
