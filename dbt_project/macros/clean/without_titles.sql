{#- A name without titles and doubled blanks: 'Dr. Anna  Roth' is 'Anna Roth'.  {{ without_titles('full_name') }} -#}
{% macro without_titles(column) -%}
    {{ return(adapter.dispatch('without_titles', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__without_titles(column) -%}
    trim(regexp_replace(regexp_replace({{ column }}, '\b(dr|prof|dipl|ing|med|herr|frau|mr|mrs|ms)\b\.?', '', 'gi'), '\s+', ' ', 'g'))
{%- endmacro %}
