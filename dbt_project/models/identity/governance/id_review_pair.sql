-- Nine pairs of ten are scored far below the cut and nothing else: they are never gathered.
{{ config(materialized='view') }}

with said as (
    select
        least(record_no, other_record_no) as record_no,
        greatest(record_no, other_record_no) as other_record_no,
        rule,
        match_weight,
        is_kept,
        drop_reason
    from {{ ref('id_edge') }}
    where tier <> 'steward'
),

open_pair as (
    select distinct record_no, other_record_no
    from said
    where is_kept or drop_reason = 'contradiction' or match_weight > -{{ var('id_review_weight', 6) }}
),

pair as (
    select
        said.record_no,
        said.other_record_no,
        max(said.match_weight) as match_weight,
        coalesce(bool_or(said.is_kept), false) as is_kept,
        count(distinct said.rule) filter (where said.is_kept) as rule_cnt,
        string_agg(distinct said.rule, ', ' order by said.rule) as rules,
        coalesce(bool_or(said.drop_reason = 'contradiction'), false) as is_contradiction
    from said
    inner join open_pair
        on said.record_no = open_pair.record_no and said.other_record_no = open_pair.other_record_no
    group by said.record_no, said.other_record_no
),

tie as (
    select record_no from pair where is_kept
    union all
    select other_record_no from pair where is_kept
),

partner as (
    select record_no, count(*) as partner_cnt from tie group by record_no
),

person as (
    select cluster_no, count(*) as record_cnt from {{ ref('id_cluster') }} group by cluster_no
),

placed as (
    select
        pair.*,
        one.cluster_no = other.cluster_no as is_one_person,
        one.cluster_no,
        other.cluster_no as other_cluster_no,
        person.record_cnt
        + case when one.cluster_no = other.cluster_no then 0 else other_person.record_cnt end as record_cnt,
        least(partner.partner_cnt, other_partner.partner_cnt) = 1 as is_only_tie
    from pair
    inner join {{ ref('id_cluster') }} as one on pair.record_no = one.record_no
    inner join {{ ref('id_cluster') }} as other on pair.other_record_no = other.record_no
    inner join person on one.cluster_no = person.cluster_no
    inner join person as other_person on other.cluster_no = other_person.cluster_no
    left join partner on pair.record_no = partner.record_no
    left join partner as other_partner on pair.other_record_no = other_partner.record_no
)

select * from placed
