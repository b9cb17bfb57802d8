{#- One row for each indicator and published day whose value is another than before: in total over the network, or in the
    cells below it (then the totals are equal). `cells` is what tells; `value` is the network's total.
      measures  `meta.measures` of the model: [{code, of: count|sum|distinct|distinct_days|median|percentile, quantile, matures}]
      people    the model that numbers the people (`meta.reads.people`), none where the table counts no people
      before    the table as it stands;  after  its new rows of the changed days;  changed  the rows of changed_day()
    {{ restated_value([{'code': 'visit_cnt', 'of': 'count'}], ['dealer_id'], none, this, fresh, changed) }} -#}
{% macro restated_value(measures, dims, people, before, after, changed) %}
    {% for measure in measures %}
        select
            '{{ measure.code }}' as indicator_code,
            changed.stat_date,
            cast(before.value as double) as value_before,
            cast(after.value as double) as value_after,
            case
                when changed.has_other_definition then 'definition'
                when changed.row_cnt > changed.stood_row_cnt then 'late_rows'
                when changed.row_cnt < changed.stood_row_cnt then 'deletion'
                when changed.has_other_rows then 'replaced_rows'
                {% if measure.of in ('distinct', 'distinct_days') and people %}
                    when changed.has_other_people and gone.merged_cnt = gone.person_cnt then 'people_merged'
                    when changed.has_other_people and gone.merged_cnt > 0 then 'people_merged_and_split'
                    when changed.has_other_people then 'people_split'
                {% else %}
                    when changed.has_other_people then 'people_merged_or_split'
                {% endif %}
                {% if measure.get('matures') %}
                    when changed.stat_date + {{ measure.matures }} >= changed.published_until then 'maturing'
                {% endif %}
                else 'correction'
            end as cause,
            changed.published_at
        from {{ changed }} as changed
        left join ({{ total_of_day(measure, dims, before, changed) }}) as before on changed.stat_date = before.stat_date
        left join ({{ total_of_day(measure, dims, after, changed) }}) as after on changed.stat_date = after.stat_date
        {% if measure.of in ('distinct', 'distinct_days') and people %}
            left join ({{ people_gone(measure, people, before, after, changed) }}) as gone on changed.stat_date = gone.stat_date
        {% endif %}
        where
            changed.was_published
            {% if measure.of in ('distinct', 'distinct_days') %}
                -- rows that stand there for another measure, or none at all: nobody either way
                and (
                    coalesce(before.value, 0) <> coalesce(after.value, 0)
                    or before.cells is distinct from after.cells
                )
            {% else %}
                and (before.value is distinct from after.value or before.cells is distinct from after.cells)
            {% endif %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
{% endmacro %}

{#- A measure's value of each changed day over the whole network, and a hash of the cells that it is made of. -#}
{% macro total_of_day(measure, dims, relation, changed) %}
    {%- set cell = (dims + [measure.code]) | join(', ') -%}
    {%- set days = 'select stat_date from ' ~ changed ~ ' where was_published' -%}
    {% if measure.of in ('count', 'sum') %}
        select
            stat_date,
            sum({{ measure.code }}) as value,
            sum(hash({{ cell }})) filter (where {{ measure.code }} <> 0) as cells
        from {{ relation }}
    {% elif measure.of in ('distinct', 'distinct_days') %}
        select
            stat_date,
            count(distinct person_no) filter (where {{ measure.code }}) as value,
            sum(hash({{ (dims + ['person_no']) | join(', ') }})) filter (where {{ measure.code }}) as cells
        from {{ relation }}
    {% else %}
        select
            stat_date,
            quantile_cont(value, {{ measure.quantile }}) as value,
            sum(hash({{ (dims + ['value']) | join(', ') }})) as cells
        from {{ relation }}, unnest(range(cnt)) as each
    {% endif %}
    where
        stat_date in ({{ days }})
        {% if measure.of in ('median', 'percentile') %}and indicator_code = '{{ measure.code }}'{% endif %}
    group by stat_date
{% endmacro %}

{#- People who were counted on a day and no longer are: how many, and how many of them are nobody's number any more. -#}
{% macro people_gone(measure, people, before, after, changed) %}
    select
        was.stat_date,
        count(*) as person_cnt,
        count(*) filter (where still.person_no is null) as merged_cnt
    from (
        select stat_date, person_no from {{ before }}
        where {{ measure.code }} and stat_date in (select stat_date from {{ changed }} where was_published)
        except
        select stat_date, person_no from {{ after }} where {{ measure.code }}
    ) as was
    left join {{ ref(people) }} as still on was.person_no = still.person_no
    group by was.stat_date
{% endmacro %}
