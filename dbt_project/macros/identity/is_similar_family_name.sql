{#- Whether two folded family names can be two spellings of one: equal, one inside the other (double names), or nearly
    the same letters.  {{ is_similar_family_name('a.family_name', 'b.family_name') }} -#}
{% macro is_similar_family_name(left, right) -%}
    {{ return(adapter.dispatch('is_similar_family_name', 'forecourt')(left, right)) }}
{%- endmacro %}

{% macro duckdb__is_similar_family_name(left, right) -%}
    (
        {{ left }} = {{ right }}
        or (length({{ left }}) >= 4 and contains({{ right }}, {{ left }}))
        or (length({{ right }}) >= 4 and contains({{ left }}, {{ right }}))
        or jaro_winkler_similarity({{ left }}, {{ right }}) >= 0.88
    )
{%- endmacro %}
