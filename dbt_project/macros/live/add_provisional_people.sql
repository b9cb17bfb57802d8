{#- People whom OneID does not know yet: accounts and devices of events that just came. Each gets the id that its record
    would have alone, and a negative number; the next build of OneID says who they are and gives them a number that lasts.
    `until` is the table that counts people: in the live lane those of loads that it does not have yet are looked at. Any
    other build looks at all: events came after OneID had looked, and the people of former ones are made anew without them.
    post_hook="{{ add_provisional_people('ind_app_person_1d') }}" -#}
{% macro add_provisional_people(until) %}
    {% if execute %}
        insert into {{ ref('dim_customer') }} by name
        select
            event.one_id,
            {{ number_of_text('event.one_id') }} as person_no,
            min(event.occurred_at) as first_seen_at,
            min(event.occurred_on) as first_seen_on,
            case when bool_or(event.account_key is not null) then 'app.account' else 'app.device' end as first_seen_in,
            1 as record_cnt,
            1 as source_cnt,
            false as is_company,
            false as has_email,
            false as has_phone,
            false as is_in_crm_leads,
            false as has_card,
            bool_or(event.account_key is not null) as has_app_account,
            false as is_in_workshop,
            false as is_subscriber,
            false as is_test,
            true as is_anonymous
        from {{ this }} as event
        anti join {{ ref('dim_customer') }} as person on event.one_id = person.one_id
        where
            event.one_id is not null
            {% if is_live() %}and event.load_id > '{{ load_mark(until) }}'{% endif %}
        group by event.one_id
    {% else %}
        select 1
    {% endif %}
{% endmacro %}
