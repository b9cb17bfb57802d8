{#- How far a record's entity is believed, 1 most: an advisor wrote the card beside the customer, the workshop's master data
    are kept up, in a web form anybody is anybody.  {{ source_trust('source', 'entity') }} -#}
{% macro source_trust(source, entity) -%}
    {%- set order = ['crm.card', 'service.customer', 'app.account', 'marketing.subscriber', 'marketing.web_form', 'crm.lead'] -%}
    coalesce(list_position(['{{ order | join("', '") }}'], {{ source }} || '.' || {{ entity }}), {{ order | length + 1 }})
{%- endmacro %}
