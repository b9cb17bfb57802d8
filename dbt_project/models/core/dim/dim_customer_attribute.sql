-- Bands and flags only, broad enough to say nothing about one person: they cut counts of people.
with as_of as (
    select max(as_of_on) as as_of_on from {{ ref('dim_source') }}
),

said_gender as (
    select person.one_id, record.gender, count(*) as record_cnt
    from {{ ref('id_map') }} as person
    inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
    where record.gender is not null
    group by person.one_id, record.gender
),

gender as (  -- what most of the records say
    select one_id, gender from said_gender
    qualify row_number() over (partition by one_id order by record_cnt desc, gender asc) = 1
),

owner as (
    select distinct one_id from {{ ref('fct_ownership') }} where owned_to_on is null
),

profit as (
    select one_id, sum(gp_amt) as gp_amt
    from (
        select one_id, gross_profit_amt as gp_amt from {{ ref('fct_delivery') }}
        union all
        select one_id, gp_amt from {{ ref('fct_repair_order') }}
    ) as earned
    where one_id is not null
    group by one_id
),

aged as (
    select
        golden.one_id,
        extract('year' from as_of.as_of_on) - extract('year' from golden.birth_date) as years
    from {{ ref('dim_customer_identity') }} as golden
    cross join as_of
)

select
    person.one_id,
    person.person_no,
    case
        when person.is_company then null
        when aged.years < 30 then 'under 30'
        when aged.years < 40 then '30-39'
        when aged.years < 50 then '40-49'
        when aged.years < 60 then '50-59'
        when aged.years >= 60 then '60 and over'
    end as age_band,
    gender.gender,
    case when person.is_company then 'company' else 'private' end as customer_kind,
    owner.one_id is not null as is_owner,
    person.first_seen_in as first_source,
    case
        when coalesce(profit.gp_amt, 0) <= 0 then 'none'
        when profit.gp_amt < 500 then 'low'
        when profit.gp_amt < 2000 then 'middle'
        else 'high'
    end as value_band
from {{ ref('dim_customer') }} as person
left join aged on person.one_id = aged.one_id
left join gender on person.one_id = gender.one_id
left join owner on person.one_id = owner.one_id
left join profit on person.one_id = profit.one_id
