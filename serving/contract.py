"""What readers rely on: the relations and columns without which a snapshot is not published.

A publish that would break a page is refused and the last good snapshot stays; `tests/unit/serving` holds
this list against the queries of this package. Columns that must not leave the warehouse are named here too.
"""

SCHEMAS = ("indicators", "serving")

REQUIRED: dict[str, tuple[str, ...]] = {
    "serving.srv_dealer": ("dealer_id", "dealer_name", "region_code", "region_name", "tier", "market_type"),
    "serving.srv_region": ("region_code", "region_name"),
    "serving.srv_funnel_step": ("step_no", "step", "name", "has_data", "window_days"),
    "serving.srv_funnel_target": ("dealer_id", "month_on", "step", "target_rate", "target_cnt"),
    "serving.srv_dealer_funnel": (
        "cohort_on", "dealer_id", "region_code", "step_no", "step",
        "entered_cnt", "passed_cnt", "mature_entered_cnt", "mature_passed_cnt",
    ),
    "serving.srv_weak_link": (
        "period", "dealer_id", "region_code", "step", "entered_cnt", "passed_cnt", "rate", "benchmark_rate",
        "peer_cnt", "interval_low", "interval_high", "lost_deliveries", "is_weak", "weak_rank",
    ),
    "serving.srv_peer_funnel": (
        "period", "group_kind", "group_code", "step_no", "step", "dealer_cnt", "entered_cnt", "rate",
        "rate_p25", "rate_p75",
    ),
    "serving.srv_insight": (
        "period", "kind", "subject", "region_code", "dealer_id", "step", "rate", "reference_rate",
        "lost_deliveries", "dealer_cnt", "heavy_dealer_cnt", "insight_rank",
    ),
    "serving.srv_dealer_queue": ("dealer_id", "queue", "waiting_cnt", "oldest_on"),
    "serving.srv_as_of": ("source", "as_of_on"),
    "serving.srv_source_freshness": (
        "source", "entity", "last_loaded_at", "read_cnt", "loaded_cnt", "rejected_cnt", "repeated_cnt",
        "is_balanced",
    ),
    "serving.srv_identity_quality": (
        "built_at", "record_cnt", "person_cnt", "unified_rate", "duplicate_cnt", "conflict_cnt",
        "guarded_cnt", "review_cnt", "largest_person_cnt", "mean_match_weight", "jump",
    ),
    "serving.srv_identity_review": (
        "pair_no", "record_key_a", "record_key_b", "cause", "rules", "match_weight", "is_one_person",
        "record_cnt",
    ),
    "serving.srv_identity_review_field": (
        "pair_no", "field_no", "field", "agreement", "masked_a", "masked_b",
    ),
    "serving.srv_rejected_row": ("source", "entity", "reason_code", "reason", "rejected_at", "status"),
    "serving.srv_indicator_status": (
        "code", "state", "reason", "failing_since", "fresh_until", "shown_until", "last_good_value",
        "last_good_period", "last_good_first_on", "last_good_last_on", "last_good_at",
    ),
    "serving.srv_indicator_gate": ("code", "gate", "kind", "action", "outcome", "reason", "failing_since"),
    "serving.srv_test_result": ("test_name", "status", "failed_cnt", "ran_at"),
    "serving.srv_indicator_dictionary": (
        "code", "indicator_id", "name_en", "name_zh", "definition", "status", "state", "reason", "tables",
        "test_names", "formula_tree", "lineage", "used_by", "search_text", "last_value",
    ),
}  # fmt: skip

# A table with no rows at all is an answer ("no dealers in these data"); without these there is no funnel to
# show.
NOT_EMPTY = ("serving.srv_funnel_step",)

# Raw contact data stays in the warehouse (DESIGN: the snapshot holds no e-mail, phone, name or address).
PERSONAL_COLUMNS = frozenset({
    "email", "e_mail", "email_address", "phone", "phone_number", "mobile", "given_name", "family_name",
    "first_name", "last_name", "full_name", "birth_date", "birth_on", "street", "address",
    "iban", "identifier_value",
})  # fmt: skip
