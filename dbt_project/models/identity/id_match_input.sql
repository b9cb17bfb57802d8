-- What there is something to compare of: a device or an empty record agrees with nobody, a test is nobody.
{{ config(materialized='view') }}

select *
from {{ ref('id_record') }}
where
    not is_test
    and coalesce(
        full_name, typed_given_name, typed_family_name, typed_organisation, email, phone, national_id, crm_id,
        app_user_id
    ) is not null
