{#- What a source may say of a person, in the order of id_source_record: the columns of `forecourt identity evaluate`. -#}
{% macro record_columns() -%}
    {{ return([
        'full_name', 'given_name', 'family_name', 'birth_date', 'gender', 'email', 'phone', 'street', 'city', 'region',
        'postal_code', 'national_id', 'device_id', 'vin', 'crm_id', 'app_user_id', 'organisation'
    ]) }}
{%- endmacro %}
