{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_no', full_refresh=false,
    on_schema_change='fail'
) }}

{% set said = ['record.first_seen_at', 'record.is_test', 'born.birth_date', 'born.is_default', 'reference.named'] %}
{% for column in record_columns() %}{% do said.append('record.' ~ column) %}{% endfor %}

with reference as (
    select source, entity, source_key, bit_xor({{ fingerprint(['identifier_type', 'identifier_value']) }}) as named
    from {{ ref('id_reference') }}
    group by source, entity, source_key
),

said as (
    select
        record.record_key,
        record.first_seen_at,
        {{ fingerprint(said) }} as fingerprint
    from {{ ref('id_source_record') }} as record
    left join {{ ref('id_birth_date') }} as born
        on record.source = born.source and record.birth_date = born.typed_birth_date
    left join reference
        on
            record.source = reference.source
            and record.entity = reference.entity
            and record.source_key = reference.source_key
),

known as (
    {% if is_incremental() %}
        select record_no, record_key, fingerprint, is_gone, batch_no from {{ this }}
    {% else %}
        select
            cast(null as bigint) as record_no, cast(null as varchar) as record_key,
            {{ fingerprint(['null']) }} as fingerprint, false as is_gone, 0 as batch_no
        where false
    {% endif %}
),

highest as (
    select coalesce(max(record_no), -1) as record_no, coalesce(max(batch_no), 0) as batch_no from known
)

select
    coalesce(
        known.record_no,
        highest.record_no + row_number() over (
            partition by known.record_no is null order by said.first_seen_at, said.record_key
        )
    ) as record_no,
    coalesce(said.record_key, known.record_key) as record_key,
    coalesce(said.fingerprint, known.fingerprint) as fingerprint,
    said.record_key is null as is_gone,
    case
        when known.record_no is null then 'new'
        when said.record_key is null then 'gone'
        when known.is_gone then 'back'
        else 'changed'
    end as change,
    cast(highest.batch_no + 1 as bigint) as batch_no,
    cast('{{ run_started_at }}' as timestamp with time zone) as changed_at
from said
full join known on said.record_key = known.record_key
cross join highest
where said.fingerprint is distinct from case when not known.is_gone then known.fingerprint end
