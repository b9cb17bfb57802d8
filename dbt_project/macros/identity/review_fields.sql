{#- What a reviewer compares, in the order in which it is shown: attributes of id_record. -#}
{% macro review_fields() -%}
    {{ return([
        'given_name', 'family_name', 'organisation', 'birth_date', 'email', 'phone', 'street', 'postal_code'
    ]) }}
{%- endmacro %}
