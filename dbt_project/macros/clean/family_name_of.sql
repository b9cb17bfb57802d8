{#- The family name in a full name, as typed: before the comma in 'Family, Given', else the last word with the particles
    before it (von, van, de ...). One word alone is taken for a family name.  {{ family_name_of('full_name') }} -#}
{% macro family_name_of(column) -%}
    {{ return(adapter.dispatch('family_name_of', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__family_name_of(column) -%}
    {%- set text = without_titles(column) -%}
    nullif(trim(case
        when contains({{ text }}, ',') then split_part({{ text }}, ',', 1)
        when not contains({{ text }}, ' ') then {{ text }}
        else regexp_extract({{ text }}, '{{ name_pattern() | trim }}', 2, 'i')
    end), '')
{%- endmacro %}
