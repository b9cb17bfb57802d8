-- What each event changes in what is known of its person; each attribute holds its value until the next change. Read
-- from the events' own days and not from build to build, so a late row, a merge or a split restates what it touches.
with change as (
    -- the home dealer is the one that the person last dealt with
    select one_id, created_on as changed_on, dealer_id, null as has_app_account, null as is_subscriber, 0 as car_cnt
    from {{ ref('fct_lead') }}
    union all
    select one_id, delivered_on, dealer_id, null, null, 0 from {{ ref('fct_delivery') }}
    union all
    select one_id, opened_on, dealer_id, null, null, 0 from {{ ref('fct_repair_order') }}
    union all
    select one_id, owned_from_on, null, null, null, 1 from {{ ref('fct_ownership') }}
    union all
    select one_id, owned_to_on, null, null, null, -1 from {{ ref('fct_ownership') }}
    union all
    select one_id, {{ business_day('first_seen_at') }}, null, entity = 'account' or null, null, 0
    from {{ ref('id_map') }}
    where entity in ('account', 'lead', 'card', 'customer', 'web_form', 'subscriber')
    union all
    select person.one_id, {{ business_day('subscriber.subscribed_at') }}, null, null, true, 0
    from {{ ref('stg_marketing__subscriber') }} as subscriber
    inner join {{ ref('id_map') }} as person
        on subscriber.subscriber_id = person.source_key and person.entity = 'subscriber'
    union all
    select person.one_id, {{ business_day('subscriber.unsubscribed_at') }}, null, null, false, 0
    from {{ ref('stg_marketing__subscriber') }} as subscriber
    inner join {{ ref('id_map') }} as person
        on subscriber.subscriber_id = person.source_key and person.entity = 'subscriber'
),

by_day as (  -- several changes of one day: the last dealer by its key, and a subscription that ended is over
    select
        one_id,
        changed_on,
        max(dealer_id) as dealer_id,
        bool_or(has_app_account) as has_app_account,
        bool_and(is_subscriber) as is_subscriber,
        sum(car_cnt) as car_cnt
    from change
    where one_id is not null and changed_on is not null
    group by one_id, changed_on
),

known as (
    select
        one_id,
        changed_on,
        last_value(dealer_id ignore nulls) over until_then as dealer_id,
        coalesce(last_value(has_app_account ignore nulls) over until_then, false) as has_app_account,
        coalesce(last_value(is_subscriber ignore nulls) over until_then, false) as is_subscriber,
        sum(car_cnt) over until_then as owned_car_cnt,
        sum(greatest(car_cnt, 0)) over until_then > 0 as has_owned
    from by_day
    window until_then as (partition by one_id order by changed_on)
),

named as (
    select
        known.one_id,
        known.changed_on,
        known.dealer_id,
        dealer.region_code,
        case
            when known.owned_car_cnt > 0 then 'owner'
            when known.has_owned then 'former_owner'
            else 'prospect'
        end as owner_status,
        cast(known.owned_car_cnt as bigint) as owned_car_cnt,
        known.has_app_account,
        known.is_subscriber
    from known
    left join {{ ref('dim_dealer') }} as dealer on known.dealer_id = dealer.dealer_id
),

versioned as (  -- a day that changes nothing opens no version
    select *
    from named
    qualify
        row_number() over (partition by one_id order by changed_on) = 1
        or row(dealer_id, region_code, owner_status, owned_car_cnt, has_app_account, is_subscriber)
        is distinct from lag(row(dealer_id, region_code, owner_status, owned_car_cnt, has_app_account, is_subscriber))
            over (partition by one_id order by changed_on)
)

select
    versioned.one_id,
    versioned.changed_on as valid_from_on,
    lead(versioned.changed_on) over (partition by versioned.one_id order by versioned.changed_on) as valid_to_on,
    lead(versioned.changed_on) over (partition by versioned.one_id order by versioned.changed_on) is null as is_current,
    versioned.dealer_id,
    versioned.region_code,
    versioned.owner_status,
    versioned.owned_car_cnt,
    versioned.has_app_account,
    versioned.is_subscriber,
    customer.is_company
from versioned
inner join {{ ref('dim_customer') }} as customer on versioned.one_id = customer.one_id
