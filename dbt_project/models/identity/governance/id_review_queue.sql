-- Which judgement would teach most: how open the question is, times how many records it moves; each further pair that
-- agrees and disagrees in the same fields as one before it teaches less.
{% set fields = review_fields() %}
{% set near = var('id_review_weight', 6) %}  -- match weights closer to even than this: a chance of 1.5 % to 98.5 %

with doubtful as (
    select
        *,
        case
            when is_contradiction then 'contradiction'
            when abs(match_weight) < {{ near }} then 'near_the_cut'
            when is_kept and is_only_tie and rule_cnt = 1 and record_cnt >= 4 then 'only_tie'
        end as cause,
        1 / (1 + pow(2, -match_weight)) as chance
    from {{ ref('id_review_pair') }}
),

asked as (
    select
        doubtful.*,
        case doubtful.cause
            when 'near_the_cut' then -chance * log2(chance) - (1 - chance) * log2(1 - chance)
            when 'contradiction' then 1
            else 0.4
        end as openness
    from doubtful
    left join {{ ref('id_label') }} as label
        on doubtful.record_no = label.record_no and doubtful.other_record_no = label.other_record_no
    where doubtful.cause is not null and label.record_no is null
),

told_apart as (  -- one question for each two people, or each record that hangs on one tie
    select
        *,
        openness * ln(1 + record_cnt) as worth_alone
    from asked
    qualify
        row_number() over (
            partition by
                cause,
                least(cluster_no, other_cluster_no),
                greatest(cluster_no, other_cluster_no),
                case when is_one_person then other_record_no end
            order by openness desc, record_no asc, other_record_no asc
        ) = 1
),

compared as (
    select
        told_apart.*,
        {% for field in fields -%}
            {{ agreement(field, 'one.' ~ field, 'other.' ~ field) }} as {{ field }}_agreement,
        {% endfor -%}
        one.record_key,
        other.record_key as other_record_key
    from told_apart
    inner join {{ ref('id_record') }} as one on told_apart.record_no = one.record_no
    inner join {{ ref('id_record') }} as other on told_apart.other_record_no = other.record_no
),

patterned as (
    select
        *,
        {{ fields | join("_agreement || ' ' || ") }}_agreement as pattern
    from compared
),

weighed as (
    select
        *,
        worth_alone / sqrt(row_number() over (
            partition by cause, pattern order by worth_alone desc, record_no asc, other_record_no asc
        )) as worth
    from patterned
    where  -- with fewer than two fields to compare nobody could judge it
        {% for field in fields -%}
            cast({{ field }}_agreement <> 'missing' as integer){{ ' + ' if not loop.last }}
        {%- endfor %} >= 2
        -- what hangs on one value and bears the same name is no question
        and (cause <> 'only_tie' or given_name_agreement <> 'same' or family_name_agreement = 'different')
)

select
    row_number() over (order by worth desc, record_no asc, other_record_no asc) as pair_no,
    record_no,
    other_record_no,
    least(record_key, other_record_key) as record_key_a,
    greatest(record_key, other_record_key) as record_key_b,
    cause,
    rules,
    match_weight,
    is_one_person,
    record_cnt,
    {% for field in fields -%}
        {{ field }}_agreement,
    {% endfor -%}
    worth
from weighed
