-- Compiled from indicators/registry. The materialization incremental_by_day writes the log.
-- depends_on: {{ ref('ind_app_1d') }}
-- depends_on: {{ ref('ind_app_person_1d') }}
-- depends_on: {{ ref('ind_app_registration_1d') }}
-- depends_on: {{ ref('ind_appointment_1d') }}
-- depends_on: {{ ref('ind_backlog_1d') }}
-- depends_on: {{ ref('ind_campaign_1d') }}
-- depends_on: {{ ref('ind_card_1d') }}
-- depends_on: {{ ref('ind_complaint_1d') }}
-- depends_on: {{ ref('ind_connected_1d') }}
-- depends_on: {{ ref('ind_dealer_expense_1d') }}
-- depends_on: {{ ref('ind_delivery_1d') }}
-- depends_on: {{ ref('ind_delivery_histogram_1d') }}
-- depends_on: {{ ref('ind_delivery_person_1d') }}
-- depends_on: {{ ref('ind_funnel_1d') }}
-- depends_on: {{ ref('ind_identity_1d') }}
-- depends_on: {{ ref('ind_intent_1d') }}
-- depends_on: {{ ref('ind_lead_1d') }}
-- depends_on: {{ ref('ind_lead_handling_1d') }}
-- depends_on: {{ ref('ind_lead_handling_histogram_1d') }}
-- depends_on: {{ ref('ind_lead_person_1d') }}
-- depends_on: {{ ref('ind_lock_1d') }}
-- depends_on: {{ ref('ind_order_1d') }}
-- depends_on: {{ ref('ind_order_histogram_1d') }}
-- depends_on: {{ ref('ind_order_person_1d') }}
-- depends_on: {{ ref('ind_owner_1d') }}
-- depends_on: {{ ref('ind_owner_cohort_1d') }}
-- depends_on: {{ ref('ind_owner_person_1d') }}
-- depends_on: {{ ref('ind_prospect_1d') }}
-- depends_on: {{ ref('ind_quote_1d') }}
-- depends_on: {{ ref('ind_recall_1d') }}
-- depends_on: {{ ref('ind_referral_1d') }}
-- depends_on: {{ ref('ind_referral_person_1d') }}
-- depends_on: {{ ref('ind_service_1d') }}
-- depends_on: {{ ref('ind_service_due_1d') }}
-- depends_on: {{ ref('ind_service_histogram_1d') }}
-- depends_on: {{ ref('ind_service_person_1d') }}
-- depends_on: {{ ref('ind_site_1d') }}
-- depends_on: {{ ref('ind_site_person_1d') }}
-- depends_on: {{ ref('ind_stock_1d') }}
-- depends_on: {{ ref('ind_survey_1d') }}
-- depends_on: {{ ref('ind_test_drive_1d') }}
-- depends_on: {{ ref('ind_test_drive_person_1d') }}
-- depends_on: {{ ref('ind_visit_1d') }}
-- depends_on: {{ ref('ind_visit_person_1d') }}
-- depends_on: {{ ref('ind_warranty_1d') }}

select
    table_name,
    indicator_code,
    stat_date,
    value_before,
    value_after,
    cause,
    published_at,
    restated_at,
    invocation_id
from indicator_state.restatement
