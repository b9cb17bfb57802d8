-- Compiled from indicators/registry/survey.yml: edit there, then `forecourt indicators compile`.

with conditioned as (
    select
        *,
        (kind = 'sales') as is_sales,
        (kind = 'service') as is_service
    from {{ ref('fct_survey') }}
)

select
    answered_on as stat_date,
    dealer_id,
    region_code,
    series_code,
    advisor_id,
    count(survey_id) filter (where is_sales) as survey_cnt,
    count(survey_id) filter (where is_sales and nps_score >= 9) as survey_pro_cnt,
    count(survey_id) filter (where is_sales and nps_score <= 6) as survey_det_cnt,
    count(survey_id) filter (where is_service) as survey_svc_cnt,
    count(survey_id) filter (where is_service and nps_score >= 9) as survey_svc_pro_cnt,
    count(survey_id) filter (where is_service and nps_score <= 6) as survey_svc_det_cnt
from conditioned
where answered_on is not null
group by
    answered_on,
    dealer_id,
    region_code,
    series_code,
    advisor_id
