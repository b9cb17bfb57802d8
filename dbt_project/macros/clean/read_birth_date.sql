{#- A birth date as anybody writes it: 1980-04-03, 3.4.1980, 19800403, 04031980, 04/03/1980; null when it is none, or
    before 1880 or in the future. `is_day_first` says how to read 04/03/1980 where both are possible.
    {{ read_birth_date('birth_date', 'votes > 0') }} -#}
{% macro read_birth_date(text, is_day_first) -%}
    {{ return(adapter.dispatch('read_birth_date', 'forecourt')(text, is_day_first)) }}
{%- endmacro %}

{% macro duckdb__read_birth_date(text, is_day_first) -%}
    {%- set slashed = "replace(" ~ text ~ ", '-', '/')" -%}
    {%- set day_first = ["'%d/%m/%Y'", "'%d%m%Y'"] -%}
    {%- set month_first = ["'%m/%d/%Y'", "'%m%d%Y'"] -%}
    (
        select found from (
            select cast(coalesce(
                case when regexp_full_match({{ text }}, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*')
                    then try_strptime(regexp_extract({{ text }}, '^[0-9]+-[0-9]+-[0-9]+'), '%Y-%m-%d') end,
                case when contains({{ text }}, '.') then try_strptime({{ text }}, '%d.%m.%Y') end,
                case when regexp_full_match({{ text }}, '(18|19|20)[0-9]{6}') then try_strptime({{ text }}, '%Y%m%d') end,
                case when {{ is_day_first }} then coalesce(
                    {%- for shape in day_first + month_first %}try_strptime({{ slashed }}, {{ shape }}){{ ', ' if not loop.last }}{% endfor %}
                ) else coalesce(
                    {%- for shape in month_first + day_first %}try_strptime({{ slashed }}, {{ shape }}){{ ', ' if not loop.last }}{% endfor %}
                ) end
            ) as date) as found
        ) where found between date '1880-01-01' and current_date
    )
{%- endmacro %}
