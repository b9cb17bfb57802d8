{#- A bound of the Wilson score interval of a rate (Wilson 1927), as SQL: honest for small numbers and for rates
    near 0 and 1, where the textbook interval leaves [0, 1]. Null where there is no trial.

        passed, entered   columns: successes and trials
        z                 the standard normal quantile of the confidence, e.g. 1.96
        side              '-' for the lower bound, '+' for the upper one

    {{ wilson_bound('passed_cnt', 'entered_cnt', 1.96, '-') }} as interval_low -#}
{% macro wilson_bound(passed, entered, z, side) -%}
{%- set variance = passed ~ ' * (' ~ entered ~ ' - ' ~ passed ~ ') / cast(nullif(' ~ entered ~ ', 0) as double)' -%}
({{ passed }} + {{ z * z / 2 }} {{ side }} {{ z }} * sqrt({{ variance }} + {{ z * z / 4 }})) / ({{ entered }} + {{ z * z }})
{%- endmacro %}
