-- What a record says of its person that another record, tied to it by rules, contradicts; and what a steward divided.
-- Where the match model has compared the two and still finds them one person, it has seen the contradiction: a typing
-- error. A gender is often a slip of the hand: it speaks only beside given names that differ (Andrea and Andreas pass
-- for a typing error), and not against one birth date.
{{ config(materialized='incremental', unique_key='record_no', touched_by='id_reached_record') }}

{% set traits = {
    'born': 'birth_date', 'given': 'given_name', 'national_id': 'national_id', 'gender': 'gender'
} %}

with record as (
    select record.*, component.certain_component_no as component_no
    from {{ ref('id_record') }} as record
    semi join {{ ref('id_reached_record') }} as reached on record.record_no = reached.record_no
    inner join {{ ref('id_component') }} as component on record.record_no = component.record_no
),

doubtful as (
    select component_no
    from record
    group by component_no
    having
        {% for column in traits.values() -%}
            {{ 'or ' if not loop.first }}count(distinct {{ column }}) > 1
        {% endfor %}
),

trait as (
    {% for kind, column in traits.items() -%}
        select
            record_no, component_no, given_name, birth_date,
            '{{ kind }}' as kind, cast({{ column }} as varchar) as value
        from record
        semi join doubtful on record.component_no = doubtful.component_no
        where {{ column }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

said as (
    select distinct component_no, kind, value from trait
),

contradiction as (  -- the distinct values of one component: a handful, whatever its size
    select one.component_no, one.kind, one.value, other.value as other_value
    from said as one
    inner join said as other
        on one.component_no = other.component_no and one.kind = other.kind and one.value < other.value
    left join {{ ref('id_given_name') }} as name on one.kind = 'given' and one.value = name.given_name
    left join {{ ref('id_given_name') }} as other_name on other.kind = 'given' and other.value = other_name.given_name
    where
        case one.kind
            when 'born'
                then not {{ is_same_birth_date('try_cast(one.value as date)', 'try_cast(other.value as date)') }}
            when 'gender' then true
            when 'national_id' then damerau_levenshtein(one.value, other.value) > 2
            -- two rare spellings may be two errors in one name
            else not {{ is_similar_given_name('one.value', 'other.value', 'name.is_common and other_name.is_common') }}
                and (name.is_common and other_name.is_common or damerau_levenshtein(one.value, other.value) > 2)
        end
),

pair as (
    select
        least(one.record_no, other.record_no) as record_no,
        greatest(one.record_no, other.record_no) as other_record_no,
        contradiction.kind as reason,
        case contradiction.kind when 'gender' then 120 else 150 end as authority
    from contradiction
    inner join trait as one
        on
            contradiction.component_no = one.component_no
            and contradiction.kind = one.kind
            and contradiction.value = one.value
    inner join trait as other
        on
            contradiction.component_no = other.component_no
            and contradiction.kind = other.kind
            and contradiction.other_value = other.value
    anti join {{ ref('id_scored_pair') }} as scored
        on
            least(one.record_no, other.record_no) = scored.record_no
            and greatest(one.record_no, other.record_no) = scored.other_record_no
            and scored.match_weight > {{ merge_bar() }}
    where
        contradiction.kind <> 'gender'
        or (one.given_name <> other.given_name and coalesce(one.birth_date <> other.birth_date, true))
    union all
    select
        least(left_record.record_no, right_record.record_no),
        greatest(left_record.record_no, right_record.record_no),
        'steward',
        1000
    from {{ ref('id_decision') }} as decision
    inner join record as left_record on decision.record_key_a = left_record.record_key
    inner join record as right_record on decision.record_key_b = right_record.record_key
    where decision.decision = 'unlink'
)

select
    record_no,
    other_record_no,
    arg_max(reason, authority) as reason,
    max(authority) as authority
from pair
group by record_no, other_record_no
