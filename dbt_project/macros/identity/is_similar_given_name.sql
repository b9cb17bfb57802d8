{#- Whether two folded given names can be one person's: equal, an initial, a short form, or a typing error. Names that
    both are common are different people's (Christian and Christina), and so are pairs like Paul and Paula.
    {{ is_similar_given_name('a.given_name', 'b.given_name', 'a.is_common and b.is_common') }} -#}
{% macro is_similar_given_name(left, right, both_common='false') -%}
    {{ return(adapter.dispatch('is_similar_given_name', 'forecourt')(left, right, both_common)) }}
{%- endmacro %}

{% macro duckdb__is_similar_given_name(left, right, both_common) -%}
    (
        {{ left }} = {{ right }}
        or (
            least(length({{ left }}), length({{ right }})) in (1, 2)
            and (starts_with({{ left }}, {{ right }}) or starts_with({{ right }}, {{ left }}))
        )
        or (
            not ({{ both_common }})  -- Alex, Alexander; but not Stefan, Stefanie
            and least(length({{ left }}), length({{ right }})) >= 3
            and abs(length({{ left }}) - length({{ right }})) >= 2
            and (starts_with({{ left }}, {{ right }}) or starts_with({{ right }}, {{ left }}))
        )
        or (
            not ({{ both_common }})
            and least(length({{ left }}), length({{ right }})) >= 3
            and {{ left }} || 'a' <> {{ right }} and {{ right }} || 'a' <> {{ left }}
            and (
                damerau_levenshtein({{ left }}, {{ right }}) <= 1
                or jaro_winkler_similarity({{ left }}, {{ right }}) >= 0.93
                -- two errors: Renate, Renta
                or (
                    least(length({{ left }}), length({{ right }})) >= 5
                    and left({{ left }}, 2) = left({{ right }}, 2)
                    and damerau_levenshtein({{ left }}, {{ right }}) <= 2
                )
            )
        )
    )
{%- endmacro %}
