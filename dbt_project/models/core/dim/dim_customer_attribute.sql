-- Bands and flags only, broad enough to say nothing about one person: they cut counts of people.
with as_of as (
    select max(as_of_on) as as_of_on from {{ ref('dim_source') }}
),

said as (  -- the workshop writes how to address somebody, and nothing more
    select person.one_id, record.gender
    from {{ ref('id_map') }} as person
    inner join {{ ref('id_record') }} as record on person.record_key = record.record_key
    union all
    select person.one_id, {{ gender_of_title('customer.title') }} as gender
    from {{ ref('stg_service__customer') }} as customer
    inner join {{ ref('id_map') }} as person
        on
            cast(customer.customer_no as varchar) = person.source_key
            and person.source = 'service' and person.entity = 'customer'
),

said_gender as (
    select one_id, gender, count(*) as record_cnt from said
    where gender is not null
    group by one_id, gender
),

gender as (  -- what most of the records say
    select one_id, gender from said_gender
    qualify row_number() over (partition by one_id order by record_cnt desc, gender asc) = 1
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
    case when not person.is_company then gender.gender end as gender,
    case when person.is_company then 'company' else 'private' end as customer_kind,
    home.is_owner,
    home.home_region_code,
    home.owned_series_code,
    person.first_seen_in as first_source,
    prospect.channel as first_channel,
    case
        when coalesce(profit.gp_amt, 0) <= 0 then 'none'
        when profit.gp_amt < 500 then 'low'
        when profit.gp_amt < 2000 then 'middle'
        else 'high'
    end as value_band
from {{ ref('dim_customer') }} as person
left join aged on person.one_id = aged.one_id
left join gender on person.one_id = gender.one_id
left join {{ ref('dim_customer_home') }} as home on person.one_id = home.one_id
left join {{ ref('fct_prospect') }} as prospect on person.one_id = prospect.one_id
left join profit on person.one_id = profit.one_id
