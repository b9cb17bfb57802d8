{#- Of the rows of a group that know `column`, the one of the lowest trust_rank: its value, or another column of it.
    {{ best_value('email') }}, {{ best_value('email', 'record_key') }} -#}
{% macro best_value(column, answer=none) -%}
    arg_min({{ answer or column }}, trust_rank) filter (where {{ column }} is not null)
{%- endmacro %}
