{#- The given names in a full name, as typed: after the comma in 'Family, Given', else what stands before the family name.
    Titles are dropped; null when only one word is there.  {{ given_name_of('full_name') }} -#}
{% macro given_name_of(column) -%}
    {{ return(adapter.dispatch('given_name_of', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__given_name_of(column) -%}
    {%- set text = without_titles(column) -%}
    nullif(trim(case
        when contains({{ text }}, ',') then split_part({{ text }}, ',', 2)
        else regexp_extract({{ text }}, '{{ name_pattern() | trim }}', 1, 'i')
    end), '')
{%- endmacro %}
