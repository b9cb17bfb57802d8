-- Every number is read once, however many records carry it and however they spell it.
{% set models = [
    'stg_crm__lead', 'stg_crm__card', 'stg_crm__dealer', 'stg_service__customer',
    'stg_marketing__subscriber', 'stg_marketing__web_form', 'stg_app__account_registered'
] %}
{% for model in models %}
    select phone_digits from {{ ref(model) }} where phone_digits is not null
    {{ 'union' if not loop.last }}
{% endfor %}
