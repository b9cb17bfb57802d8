with trait as (
    select distinct component_no, kind, value from {{ ref('id_trait') }}
),

pair as (  -- the distinct values of one component: a handful, whatever its size
    select one.component_no, one.kind, one.value as value_a, other.value as value_b
    from trait as one
    inner join trait as other
        on one.component_no = other.component_no and one.kind = other.kind and one.value < other.value
)

select pair.component_no, pair.kind, pair.value_a, pair.value_b
from pair
left join {{ ref('id_given_name') }} as name_a on pair.kind = 'given' and pair.value_a = name_a.given_name
left join {{ ref('id_given_name') }} as name_b on pair.kind = 'given' and pair.value_b = name_b.given_name
left join {{ ref('id_decision') }} as decision
    on
        pair.kind = 'record'
        and decision.decision = 'unlink'
        and pair.value_a in (decision.record_key_a, decision.record_key_b)
        and pair.value_b in (decision.record_key_a, decision.record_key_b)
where
    case pair.kind
        when 'born'
            then not {{ is_same_birth_date('try_cast(pair.value_a as date)', 'try_cast(pair.value_b as date)') }}
        -- two rare spellings may be two errors in one name
        when 'given'
            then not {{ is_similar_given_name(
                'pair.value_a', 'pair.value_b', 'name_a.is_common and name_b.is_common'
            ) }}
                and (name_a.is_common and name_b.is_common or damerau_levenshtein(pair.value_a, pair.value_b) > 2)
        else decision.decision is not null
    end
