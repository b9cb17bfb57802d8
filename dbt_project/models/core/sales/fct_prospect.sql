-- Where somebody came from is what the first lead, card or registration says; who is only known from the workshop or
-- the newsletter came from none of them.
with touch as (
    select one_id, created_at as touched_at, channel, campaign_id, dealer_id, region_code
    from {{ ref('fct_lead') }}
    where not is_test
    union all
    select one_id, created_at, channel, campaign_id, dealer_id, region_code from {{ ref('fct_card') }}
    union all
    select one_id, registered_at, channel, campaign_id, null, null from {{ ref('fct_app_registration') }}
),

first_touch as (
    select * from touch
    where one_id is not null
    qualify row_number() over (partition by one_id order by touched_at, channel, dealer_id, campaign_id) = 1
)

select
    person.one_id,
    person.first_seen_at,
    person.first_seen_on,
    person.first_seen_in,
    first_touch.channel,
    first_touch.campaign_id,
    first_touch.dealer_id,
    first_touch.region_code
from {{ ref('dim_customer') }} as person
left join first_touch on person.one_id = first_touch.one_id
where not person.is_test and not person.is_anonymous
