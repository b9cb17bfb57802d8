with reaction as (
    select
        send_id,
        min(occurred_at) filter (where kind = 'open') as opened_at,
        min(occurred_at) filter (where kind = 'click') as clicked_at,
        min(occurred_at) filter (where kind = 'unsubscribe') as unsubscribed_at,
        min(occurred_at) filter (where kind = 'bounce') as bounced_at,
        min(occurred_at) filter (where kind = 'complaint') as complained_at
    from {{ ref('stg_marketing__email_event') }}
    group by send_id
)

select
    send.send_id,
    send.campaign_id,
    campaign.channel,
    campaign.series_code,
    send.subscriber_id,
    person.one_id,
    send.sent_at,
    {{ business_day('send.sent_at') }} as sent_on,
    reaction.opened_at,
    reaction.clicked_at,
    reaction.unsubscribed_at,
    reaction.bounced_at,
    reaction.complained_at
from {{ ref('stg_marketing__email_send') }} as send
left join reaction on send.send_id = reaction.send_id
left join {{ ref('dim_campaign') }} as campaign on send.campaign_id = campaign.campaign_id
left join {{ ref('id_map') }} as person
    on send.subscriber_id = person.source_key and person.source = 'marketing' and person.entity = 'subscriber'
