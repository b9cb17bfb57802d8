{#- What a date with slashes says of the order of its parts: 1 the day comes first (31/12/1975), -1 the month does, 0 it
    could be either or has no slashes.  {{ day_first_vote('birth_date') }} -#}
{% macro day_first_vote(text) -%}
    {{ return(adapter.dispatch('day_first_vote', 'forecourt')(text)) }}
{%- endmacro %}

{% macro duckdb__day_first_vote(text) -%}
    case
        when not regexp_full_match({{ text }}, '[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}') then 0
        when cast(regexp_extract({{ text }}, '^([0-9]+)', 1) as integer) > 12 then 1
        when cast(regexp_extract({{ text }}, '^[0-9]+[/-]([0-9]+)', 1) as integer) > 12 then -1
        else 0
    end
{%- endmacro %}
