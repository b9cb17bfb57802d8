-- Compiled from indicators/registry/connected.yml: edit there, then `forecourt indicators compile`.

select
    ends_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    count(contract_id) as conn_end_cnt,
    count(contract_id) filter (
        where renewed_on <= ends_on + interval '30 days'
    ) as conn_renew_cnt
from {{ ref('fct_connected_contract') }}
where ends_on is not null
group by
    ends_on,
    dealer_id,
    region_code,
    series_code
