{#- Of the rows of a group that know `value`: the surviving value as a struct (value, record_key, said_at), by the rule of
    the attribute. The rows have trust, said_at, record_key and, for most_frequent, `<attribute>_freq`.
    {{ survivor('email', 'email') }} -#}
{% macro survivor(attribute, value) -%}
    {%- set rule = customer_survivorship(attribute) -%}
    {%- set tie = ['trust', '-epoch_us(said_at)', 'record_key'] -%}
    {%- set order = {
        'most_frequent': ['-' ~ attribute ~ '_freq'] + tie,
        'most_recent': ['-epoch_us(said_at)', 'trust', 'record_key'],
        'most_trusted': tie,
        'longest': ['-length(cast(' ~ value ~ ' as varchar))'] + tie
    }[rule] -%}
    arg_min(
        {'value': {{ value }}, 'record_key': record_key, 'said_at': said_at}, row({{ order | join(', ') }})
    ) filter (where {{ value }} is not null)
{%- endmacro %}
