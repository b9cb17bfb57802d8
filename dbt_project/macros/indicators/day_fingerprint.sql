{#- One row for each day of a fact: its rows, and the sums of their hashes, which are equal for equal rows in any order.
      key_hash     which rows there are           differs: rows came late or were deleted
      row_hash     what the indicators read       differs: rows were corrected, or a cohort went on
      person_hash  whose rows they are            differs: people were merged or split
    `reads` is `meta.reads` of the model: {model, day, key, columns} and, where it applies, `person` (the fact's column that
    names the person), `people` (the model that numbers the people) and `present` (flag: model, true where it has rows).
    `after_load`: of the rows of later loads only. The sums of old and new rows add up to those of all.
    {{ day_fingerprint({'model': 'fct_visit', 'day': 'arrived_on', 'key': ['visit_id'], 'columns': ['dealer_id'],
                        'person': 'one_id'}) }} -#}
{% macro day_fingerprint(reads, after_load=none) %}
    {%- set read = [] -%}
    {%- for column in reads.key + reads.columns %}{% do read.append('fact.' ~ column) %}{% endfor -%}
    {%- for flag in reads.get('present', {}) %}{% do read.append('present.' ~ flag) %}{% endfor -%}
    {%- set person = 'person.person_no' if reads.get('people') else 'fact.' ~ reads.get('person') -%}
    select
        fact.{{ reads.day }} as stat_date,
        count(*) as row_cnt,
        sum(hash(fact.{{ reads.key | join(', fact.') }})) as key_hash,
        sum(hash({{ read | join(', ') }})) as row_hash,
        {% if reads.get('person') %}
            sum(hash(fact.{{ reads.key | join(', fact.') }}, {{ person }})) as person_hash
        {% else %}
            cast(0 as hugeint) as person_hash
        {% endif %}
    from {{ ref(reads.model) }} as fact
    {% if reads.get('people') %}
        left join {{ ref(reads.people) }} as person on fact.{{ reads.person }} = person.one_id
    {% endif %}
    {% if reads.get('present') %}
        cross join (
            select
                {% for flag, present_model in reads.present.items() %}
                    exists(select 1 from {{ ref(present_model) }}) as {{ flag }}{{ ',' if not loop.last }}
                {% endfor %}
        ) as present
    {% endif %}
    where
        fact.{{ reads.day }} is not null
        {% if after_load is not none %}and fact.load_id > '{{ after_load }}'{% endif %}
    group by fact.{{ reads.day }}
{% endmacro %}
