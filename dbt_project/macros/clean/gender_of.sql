{#- f or m from what sources write (Female, w, weiblich, M, male); null for anything else.  {{ gender_of('gender') }} -#}
{% macro gender_of(column) -%}
    case lower(left(trim({{ column }}), 1))
        when 'f' then 'f'
        when 'w' then 'f'
        when 'm' then 'm'
    end
{%- endmacro %}
