{#- A number by which records are ordered, the oldest lowest, in whatever order they arrive: the instant, and among equal
    instants a hash of the key. Whatever has to choose among records chooses by it.
    {{ age_of_record('first_seen_at', 'record_key') }} -#}
{% macro age_of_record(first_seen_at, record_key) -%}
    {{ return(adapter.dispatch('age_of_record', 'forecourt')(first_seen_at, record_key)) }}
{%- endmacro %}

{% macro duckdb__age_of_record(first_seen_at, record_key) -%}
    coalesce(epoch_ms({{ first_seen_at }}), 0)::hugeint * 18446744073709551616 + md5_number_lower({{ record_key }})::hugeint
{%- endmacro %}
