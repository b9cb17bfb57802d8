-- What a record says of its person that another record can contradict, for components of more than one opinion.
with record as (
    select record.record_no, component.component_no, record.record_key, record.birth_date, record.given_name
    from {{ ref('id_record') }} as record
    inner join {{ ref('id_component') }} as component on record.record_no = component.record_no
),

doubtful as (
    select component_no
    from record
    group by component_no
    having count(distinct birth_date) > 1 or count(distinct given_name) > 1
),

divided as (
    select record_key_a as record_key from {{ ref('id_decision') }} where decision = 'unlink'
    union
    select record_key_b from {{ ref('id_decision') }} where decision = 'unlink'
),

trait as (
    select record_no, component_no, 'born' as kind, cast(birth_date as varchar) as value
    from record
    semi join doubtful on record.component_no = doubtful.component_no
    where birth_date is not null
    union all
    select record_no, component_no, 'given', given_name
    from record
    semi join doubtful on record.component_no = doubtful.component_no
    where given_name is not null
    union all
    select record.record_no, record.component_no, 'record', record.record_key
    from record
    semi join divided on record.record_key = divided.record_key
)

select record_no, component_no, kind, value from trait
