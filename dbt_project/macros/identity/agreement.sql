{#- How far two values of one attribute agree: same, similar (two errors of typing, a swapped day and month, the same
    mailbox elsewhere), different, or missing where one of them is.  {{ agreement('email', 'one.email', 'other.email') }} -#}
{% macro agreement(field, a, b) -%}
    {{ return(adapter.dispatch('agreement', 'forecourt')(field, a, b)) }}
{%- endmacro %}

{% macro duckdb__agreement(field, a, b) -%}
    {%- set one, other = 'cast(' ~ a ~ ' as varchar)', 'cast(' ~ b ~ ' as varchar)' -%}
    {%- set similar = {
        'email': "split_part(" ~ one ~ ", '@', 1) = split_part(" ~ other ~ ", '@', 1) or damerau_levenshtein("
            ~ one ~ ", " ~ other ~ ") <= 2",
        'phone': "damerau_levenshtein(" ~ one ~ ", " ~ other ~ ") <= 1",
        'postal_code': "left(" ~ one ~ ", 2) = left(" ~ other ~ ", 2)",
        'birth_date': is_same_birth_date(a, b)
    }.get(field, "jaro_winkler_similarity(" ~ one ~ ", " ~ other ~ ") > 0.88 or damerau_levenshtein("
        ~ one ~ ", " ~ other ~ ") <= 2 and length(" ~ one ~ ") > 3") -%}
    case
        when {{ a }} is null or {{ b }} is null then 'missing'
        when {{ a }} = {{ b }} then 'same'
        when {{ similar }} then 'similar'
        else 'different'
    end
{%- endmacro %}
