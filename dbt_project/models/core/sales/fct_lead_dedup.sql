-- A lead is a duplicate when a COUNTED lead of the same person and series stands in the days before it; a duplicate
-- does not make the next one a duplicate. So the chain is walked from counted lead to counted lead.
with recursive lead as (
    select
        lead.lead_id,
        person.one_id,
        coalesce(lead.series_code, '') as series_key,
        {{ business_day('lead.created_at') }} as created_on,
        row_number() over (
            partition by person.one_id, coalesce(lead.series_code, '') order by lead.created_at, lead.lead_id
        ) as lead_no
    from {{ ref('stg_crm__lead') }} as lead
    left join {{ ref('id_map') }} as person
        on lead.lead_id = person.source_key and person.source = 'crm' and person.entity = 'lead'
    where not lead.is_deleted and not coalesce(lead.is_test, false)
),

next_lead as (  -- the lead that counts next, if this one counts
    select
        one_id,
        series_key,
        lead_no,
        min(lead_no) over (
            partition by one_id, series_key order by created_on
            range between interval {{ var('lead_dedup_days') + 1 }} day following and unbounded following
        ) as next_lead_no
    from lead
),

hop as (  -- few leads have one: the walk joins a short list
    select one_id, series_key, lead_no, next_lead_no from next_lead where next_lead_no is not null
),

counted (one_id, series_key, lead_no) as (
    select one_id, series_key, lead_no from lead where lead_no = 1
    union all
    select hop.one_id, hop.series_key, hop.next_lead_no
    from counted
    inner join hop
        on counted.one_id = hop.one_id and counted.series_key = hop.series_key and counted.lead_no = hop.lead_no
)

select
    lead.lead_id,
    lead.one_id,
    counted.lead_no is not null as is_counted,
    last_value(case when counted.lead_no is not null then lead.lead_id end ignore nulls) over (
        partition by lead.one_id, lead.series_key order by lead.lead_no
    ) as counted_lead_id
from lead
left join counted
    on lead.one_id = counted.one_id and lead.series_key = counted.series_key and lead.lead_no = counted.lead_no
