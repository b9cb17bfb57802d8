{#- Is this a pass of the live lane? Then models add what the last loads brought, and look at nothing else.
    `forecourt refresh --watch` sets the variable; every other build works out everything that differs.
    {% if is_live() %} ... {% endif %} -#}
{% macro is_live() %}
    {{ return(var('lane') == 'live') }}
{% endmacro %}
