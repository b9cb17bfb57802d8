{#- Whether two birth dates can be one person's: equal, one digit or two neighbouring digits wrong, or day and month
    swapped.  {{ is_same_birth_date('a.birth_date', 'b.birth_date') }} -#}
{% macro is_same_birth_date(left, right) -%}
    {{ return(adapter.dispatch('is_same_birth_date', 'forecourt')(left, right)) }}
{%- endmacro %}

{% macro duckdb__is_same_birth_date(left, right) -%}
    (
        {{ left }} = {{ right }}
        or damerau_levenshtein(strftime({{ left }}, '%Y%m%d'), strftime({{ right }}, '%Y%m%d')) <= 1
        or strftime({{ left }}, '%Y%m%d') = strftime({{ right }}, '%Y%d%m')
    )
{%- endmacro %}
