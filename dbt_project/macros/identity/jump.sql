{#- The name of a figure where it differs too much from the believed build's, else null: `numerator` for each `denominator`
    (columns of `build` and `believed`) by more than `difference`, or by a factor of more than `ratio` either way while the
    numerator moved by `at_least`.  {{ jump('unification rate', 'unified_record_cnt', 'record_cnt', difference=0.05) }} -#}
{% macro jump(name, numerator, denominator, difference=none, ratio=none, at_least=0) -%}
    {%- set value = {} -%}
    {%- for side in ['build', 'believed'] -%}
        {%- set below = denominator if denominator == '1' else side ~ '.' ~ denominator -%}
        {%- do value.update({side: side ~ '.' ~ numerator ~ ' / nullif(' ~ below ~ ', 0)'}) -%}
    {%- endfor -%}
    case
        when
            {% if difference is not none -%}
                abs({{ value['build'] }} - {{ value['believed'] }}) > {{ difference }}
            {%- else -%}
                abs(build.{{ numerator }} - believed.{{ numerator }}) >= {{ at_least }}
                and greatest({{ value['build'] }}, {{ value['believed'] }})
                > {{ ratio }} * least({{ value['build'] }}, {{ value['believed'] }})
            {%- endif %}
            then '{{ name }}'
    end
{%- endmacro %}
