{#- f or m from a form of address (Frau, Herr, Mrs, Mr, Mme, M.); null for a company and anything else.
    {{ gender_of_title('title') }} -#}
{% macro gender_of_title(column) -%}
    case rtrim(lower(trim({{ column }})), '.')
        when 'frau' then 'f'
        when 'mrs' then 'f'
        when 'ms' then 'f'
        when 'mme' then 'f'
        when 'herr' then 'm'
        when 'mr' then 'm'
        when 'm' then 'm'
    end
{%- endmacro %}
