-- 03/04/1980 is a day in March or in April: whichever order the other dates of its source have. A date on more than one
-- record in a thousand is what a form was filled with, nobody's birthday.
with typed as (
    select source, birth_date as typed_birth_date, count(*) as record_cnt
    from {{ ref('id_source_record') }}
    where birth_date is not null
    group by source, birth_date
),

voted as (
    select
        *,
        {{ day_first_vote('typed_birth_date') }} as vote,
        coalesce(sum(record_cnt * {{ day_first_vote('typed_birth_date') }}) over (partition by source), 0) as votes
    from typed
),

parsed as (
    select
        source,
        typed_birth_date,
        record_cnt,
        {{ read_birth_date('typed_birth_date', 'votes > 0') }} as birth_date
    from voted
),

share as (
    select
        *,
        sum(record_cnt) over (partition by birth_date) as date_cnt,
        sum(record_cnt) over () as all_cnt
    from parsed
)

select
    source,
    typed_birth_date,
    birth_date,
    date_cnt >= 20 and date_cnt > {{ var('id_max_share_of_birth_date') }} * all_cnt as is_default
from share
where birth_date is not null
