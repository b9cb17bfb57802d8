{#- The name that a record goes by where identifiers are shared: a person's given name, else the company's name; null for a
    record without a name.  {{ name_on_record('record') }} -#}
{% macro name_on_record(record) -%}
    coalesce({{ record }}.given_name, replace({{ record }}.organisation, ' ', ''))
{%- endmacro %}
