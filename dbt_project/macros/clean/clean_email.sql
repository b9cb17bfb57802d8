{#- An e-mail address in the form in which two spellings of one mailbox are equal: lower case, no blanks, googlemail is
    gmail, and what the provider ignores is dropped (dots and plus tags at gmail; plus tags at outlook, hotmail, icloud
    and proton). Null when it is no address.  {{ clean_email('email') }} -#}
{% macro clean_email(column) -%}
    {{ return(adapter.dispatch('clean_email', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__clean_email(column) -%}
    {%- set text = "regexp_replace(lower(trim(" ~ column ~ ")), '^mailto:|\\s', '', 'g')" -%}
    case
        when not regexp_full_match({{ text }}, '[^@]+@[^@]+\.[a-z]{2,}') then null
        when regexp_matches({{ text }}, '@(gmail|googlemail)\.com$')
            then replace(regexp_replace({{ text }}, '(\+.*)?@.*$', ''), '.', '') || '@gmail.com'
        when regexp_matches({{ text }}, '@(outlook|hotmail|icloud|proton|protonmail)\.[a-z]+$')
            then regexp_replace({{ text }}, '\+.*@', '@')
        else {{ text }}
    end
{%- endmacro %}
