{#- The product of a column's values as an aggregate, e.g. of the rates of consecutive steps; null of no value.

    {{ product_of('rate') }} as chained_rate -#}
{% macro product_of(column) -%}
    {{ return(adapter.dispatch('product_of')(column)) }}
{%- endmacro %}

{% macro default__product_of(column) -%}
    case when min({{ column }}) = 0 then 0 else exp(sum(ln(nullif({{ column }}, 0)))) end
{%- endmacro %}

{% macro duckdb__product_of(column) -%}
    product({{ column }})
{%- endmacro %}
