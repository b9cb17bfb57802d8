-- Written down when it happens: the edges of tomorrow do not say what joined two people today.
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}

with moved as (
    select * from {{ ref('id_membership') }}
    where changed_at = cast('{{ run_started_at }}' as timestamp with time zone)
),

change as (
    select distinct one_id, previous_one_id, change, changed_at
    from moved
    where change in ('merged', 'split')
),

person as (  -- whom each record that was reached stands for, and stood for before
    select
        map.record_no,
        map.record_key,
        map.one_id,
        case when moved.record_key is null then map.one_id else moved.previous_one_id end as was_one_id
    from {{ ref('id_map') }} as map
    semi join {{ ref('id_reached_record') }} as reached on map.record_no = reached.record_no
    left join moved on map.record_key = moved.record_key
),

concerned as (  -- few of all that were reached: only their links are looked at
    select person.record_no
    from person
    semi join change on person.one_id = change.one_id and person.was_one_id = change.previous_one_id
),

link as not materialized (
    select record_no, other_record_no, rule, coalesce(match_weight, authority) as strength
    from {{ ref('id_link') }}
    where weight is null or weight > 0
),

evidence as not materialized (
    select record_no, other_record_no, 'merged' as change, rule, strength
    from link
    union all
    select record_no, other_record_no, 'split', 'contradiction of ' || reason, 1000 + authority
    from {{ ref('id_cannot_link') }}
    union all
    select record_no, other_record_no, 'split', 'withdrawn: ' || identifier_type, 0
    from {{ ref('id_withdrawn_edge') }}
    union all
    select link.record_no, link.other_record_no, 'split', 'held back: too many names or records', 500
    from link
    inner join {{ ref('id_cluster') }} as one on link.record_no = one.record_no
    inner join {{ ref('id_cluster') }} as other on link.other_record_no = other.record_no
    where one.alarm_no = other.alarm_no
),

directed as (
    select record_no, other_record_no, change, rule, strength
    from evidence
    semi join concerned on evidence.record_no = concerned.record_no
    union all
    select other_record_no, record_no, change, rule, strength
    from evidence
    semi join concerned on evidence.other_record_no = concerned.record_no
)

select
    change.one_id,
    change.previous_one_id,
    change.change,
    arg_max(directed.rule, row(directed.strength, one.record_key, other.record_key)) as rule,
    arg_max(one.record_key, row(directed.strength, one.record_key, other.record_key)) as record_key,
    arg_max(other.record_key, row(directed.strength, one.record_key, other.record_key)) as other_record_key,
    change.changed_at
from change
inner join person as one on change.previous_one_id = one.was_one_id and change.one_id = one.one_id
inner join directed on one.record_no = directed.record_no and change.change = directed.change
inner join person as other on directed.other_record_no = other.record_no
where
    case change.change
        -- what joined: a record of the one who is gone, and one that was not theirs
        when 'merged' then other.one_id = change.one_id and other.was_one_id is distinct from change.previous_one_id
        else other.was_one_id = change.previous_one_id and other.one_id <> change.one_id
    end
group by change.one_id, change.previous_one_id, change.change, change.changed_at
