{#- Whether OneID runs on the records of a file (`forecourt identity evaluate`, var `id_records: file`) and not on the
    warehouse's own. Only the models that gather records and references ask; all others are the same for both. -#}
{% macro reads_file() -%}
    {%- set reads = var('id_records') -%}
    {%- if reads not in ('warehouse', 'file') -%}
        {{ exceptions.raise_compiler_error("var id_records is '" ~ reads ~ "': say warehouse or file.") }}
    {%- endif -%}
    {{ return(reads == 'file') }}
{%- endmacro %}
