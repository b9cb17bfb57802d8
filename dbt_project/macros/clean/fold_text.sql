{#- Text in the form in which spellings are compared: lower case, no accents, ß as ss, ü and ue both as u (so that
    Müller, Mueller and Muller are equal), letters and digits only, one blank between words.  {{ fold_text('city') }} -#}
{% macro fold_text(column) -%}
    {{ return(adapter.dispatch('fold_text', 'forecourt')(column)) }}
{%- endmacro %}

{% macro duckdb__fold_text(column) -%}
    nullif(trim(regexp_replace(regexp_replace(
        translate(strip_accents(replace(lower({{ column }}), 'ß', 'ss')), 'øłđðı', 'olddi'),
        '([aou])e', '\1', 'g'
    ), '[^a-z0-9]+', ' ', 'g')), '')
{%- endmacro %}
