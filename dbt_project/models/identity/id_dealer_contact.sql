{{ config(materialized='view') }}

{% if reads_file() %}
    select cast(null as varchar) as dealer_id, cast(null as varchar) as email, cast(null as varchar) as phone_digits
    where false
{% else %}
    select dealer_id, email, phone_digits from {{ ref('stg_crm__dealer') }}
{% endif %}
