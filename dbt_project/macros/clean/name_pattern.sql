{#- Regular expression: given names (1), then the family name with its particles (2). -#}
{% macro name_pattern() -%}
    ^(.+?)\s+((?:(?:von|vom|van|de|der|den|zu|zum|zur|da|di|del|della|du|la|le|al|el|bin|ter|ten)\s+)*\S+)$
{%- endmacro %}
