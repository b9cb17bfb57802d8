"""The warehouse against the demo world's truth, which nothing but tests reads.

Counts keyed by source records must equal the truth's exactly, by dealer and month. Counts of people must
equal the truth's events counted through our own id map. How good the id map itself is, is measured by pairs
of records.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest

from identity.evaluate import pairwise
from indicators.planner import Request
from indicators.registry import load_registry
from serving.query import query_indicator
from serving.store import Store
from serving.weak_links import weak_links

# process of the truth -> fact, its key, the day it is counted on, which rows count
PROCESSES = {
    "lead": ("fct_lead", "lead_id", "created_on", "not is_test"),
    "card": ("fct_card", "card_id", "created_on", "true"),
    "appointment": ("fct_appointment", "appointment_id", "created_on", "true"),
    "visit": ("fct_visit", "visit_id", "arrived_on", "true"),
    "test_drive": ("fct_test_drive", "test_drive_id", "driven_on", "true"),
    "quote": ("fct_quote", "quote_id", "quoted_on", "true"),
    "order": ("fct_order", "order_id", "ordered_on", "is_counted"),
    "delivery": ("fct_delivery", "delivery_id", "delivered_on", "true"),
    "financing": ("fct_financing", "financing_id", "signed_on", "true"),
    "referral": ("fct_referral", "referral_id", "created_on", "true"),
    "service_appointment": ("fct_service_appointment", "service_appointment_id", "booked_on", "true"),
    "service_visit": ("fct_repair_order", "repair_order_id", "opened_on", "true"),
    "warranty_claim": ("fct_warranty_claim", "claim_id", "reported_on", "true"),
    "survey": ("fct_survey", "survey_id", "answered_on", "true"),
    "recall": ("fct_recall_vehicle", "recall_id", "announced_on", "true"),
    "complaint": ("fct_complaint", "complaint_id", "opened_on", "true"),
    "connected_contract": ("fct_connected_contract", "contract_id", "ends_on", "true"),
    "dealer_expense": (
        "fct_dealer_expense",
        "concat_ws('|', dealer_id, strftime(month_on, '%Y-%m'), kind)",
        "stat_on",
        "true",
    ),
    "site_session": ("fct_site_session", "session_id", "started_on", "true"),
    "app_event": ("fct_app_event", "event_id", "occurred_on", "true"),
    "email_send": ("fct_email_send", "send_id", "sent_on", "true"),
}
# indicator as the readers see it -> process of the truth, and whether it is a count or a sum of the truth's
# amounts
INDICATORS = {
    "lead_raw_cnt": ("lead", "count(*)"),
    "card_cnt": ("card", "count(*)"),
    "visit_cnt": ("visit", "count(*)"),
    "td_cnt": ("test_drive", "count(*)"),
    "quote_cnt": ("quote", "count(*)"),
    "order_cnt": ("order", "count(*)"),
    "order_amt": ("order", "sum(amount)"),
    "delivery_cnt": ("delivery", "count(*)"),
    "svc_visit_cnt": ("service_visit", "count(*)"),
    "svc_amt": ("service_visit", "sum(amount)"),
    "warranty_cnt": ("warranty_claim", "count(*)"),
    "ref_cnt": ("referral", "count(*)"),
    "complaint_cnt": ("complaint", "count(*)"),
    "recall_cnt": ("recall", "count(*)"),
    "dealer_opex_amt": ("dealer_expense", "sum(amount)"),
}
# indicator of people -> process, and how its event leads to the record that stands for the person
PEOPLE = {
    "visit_uv": ("visit", "raw_crm.visit", "visit_id", "card", "card_id"),
    "td_uv": ("test_drive", "raw_crm.test_drive", "test_drive_id", "card", "card_id"),
    "svc_uv": ("service_visit", "raw_service.repair_order", "order_no", "customer", "customer_no"),
}


@pytest.fixture(params=["tiny", "demo"])
def built(request):
    """Each world that was built for this session."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def truth(built) -> Iterator[duckdb.DuckDBPyConnection]:
    with built.connect() as connection:
        yield connection


def published(built, code: str) -> dict[tuple, float]:
    """An indicator by dealer and month as any reader gets it; what has no rows is left out."""
    request = Request(code=code, by=("dealer",), grain="month")
    result = query_indicator(Store(built.snapshots_dir), load_registry(), request)
    return {(row["dealer"], row["period"]): row["value"] for row in result.rows() if row["value"]}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_fact_holds_the_truths_records_and_no_other(truth, process):
    fact, key, on, where = PROCESSES[process]
    ours = f"select cast({key} as varchar) as record_key, {on} as occurred_on from core.{fact} where {where}"
    theirs = f"select record_key, occurred_on from truth_event where process = '{process}' and is_counted"
    assert truth.execute(f"select count(*) from ({theirs})").fetchone()[0] > 0
    assert truth.execute(f"({ours}) except all ({theirs})").fetchall() == []
    assert truth.execute(f"({theirs}) except all ({ours})").fetchall() == []


@pytest.mark.parametrize("code", INDICATORS)
def test_published_counts_equal_the_truth_by_dealer_and_month(built, truth, code):
    process, measure = INDICATORS[code]
    rows = truth.execute(
        f"""select dealer_id, cast(date_trunc('month', occurred_on) as date), {measure} from truth_event
        where process = ? and is_counted group by all""",
        [process],
    ).fetchall()
    expected = {(dealer, month): value for dealer, month, value in rows if value}
    found = published(built, code)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("code", PEOPLE)
def test_published_people_equal_the_truth_counted_through_our_id_map(built, truth, code):
    process, table, key, entity, person = PEOPLE[code]
    rows = truth.execute(
        f"""
        select event.dealer_id, cast(date_trunc('month', occurred_on) as date), count(distinct map.one_id)
        from truth_event as event
        join {table} as raw on cast(raw.{key} as varchar) = event.record_key
        join identity.id_map as map on map.entity = ? and map.source_key = cast(raw.{person} as varchar)
        where process = ? and is_counted group by all
        """,
        [entity, process],
    ).fetchall()
    assert published(built, code) == {(dealer, month): value for dealer, month, value in rows if value}


def test_counted_leads_are_the_truths_leads_deduplicated_through_our_id_map(truth):
    leads = truth.execute(
        """
        select event.record_key, map.one_id, coalesce(series_code, ''), occurred_on
        from truth_event as event
        join identity.id_map as map
            on map.source = 'crm' and map.entity = 'lead' and map.source_key = event.record_key
        where process = 'lead' and is_counted
        order by occurred_at, event.record_key
        """
    ).fetchall()
    counted, last = set(), {}
    for lead, one_id, series, on in leads:
        before = last.get((one_id, series), date.min)
        if before == date.min or on - before > timedelta(days=30):
            counted.add(lead)
            last[one_id, series] = on
    found = {
        lead for (lead,) in truth.execute("select lead_id from core.fct_lead where is_counted").fetchall()
    }
    assert found == counted


def test_media_figures_equal_the_truth(truth):
    expected = truth.execute(
        """
        select process, sum(amount) from truth_event where process in ('click', 'impression', 'spend')
        group by all order by 1
        """
    ).fetchall()
    sums = "select sum(clk_cnt), sum(imp_cnt), sum(spend_amt)::double from core.fct_campaign_day"
    assert truth.execute(sums).fetchone() == pytest.approx(tuple(value for _, value in expected))


def test_rejected_rows_are_the_rows_that_were_broken_on_purpose(truth):
    ours = "select source, entity, count(*) from core.fct_rejected_row group by all"
    theirs = "select source, entity, count(*) from truth_bad_row group by all"
    assert sorted(truth.execute(ours).fetchall()) == sorted(truth.execute(theirs).fetchall())


def test_every_load_balances(truth):
    assert truth.execute("select * from core.fct_load where is_balanced is not true").fetchall() == []


def test_records_of_one_person_are_found_and_of_two_are_kept_apart(built, truth):
    """Pairwise precision and recall over every record that stands for a person; the tiny world has few."""
    records = truth.execute(
        """
        select map.record_key, map.one_id, truth.person_id
        from truth_record_person as truth
        join identity.id_map as map
            on map.source = truth.source and map.entity = truth.entity and map.source_key = truth.record_key
        where truth.person_id is not null
        """
    ).fetchall()
    score = pairwise({key: one_id for key, one_id, _ in records}, {key: person for key, _, person in records})
    assert score.precision >= 0.995
    assert score.recall >= {"tiny": 0.95, "demo": 0.97}[built.scale]


def test_every_record_that_stands_for_a_person_has_an_id(truth):
    missing = truth.execute(
        """
        select truth.source, truth.entity, truth.record_key from truth_record_person as truth
        anti join identity.id_map as map
            on map.source = truth.source and map.entity = truth.entity and map.source_key = truth.record_key
        where person_id is not null
        """
    ).fetchall()
    assert missing == []


def test_the_weak_links_that_were_planted_are_the_ones_that_are_named(demo):
    with demo.connect() as truth:
        planted = {
            row[:2]: row[2]
            for row in truth.execute(
                """
                select dealer_id, step,
                    -- at the planted rate and so many cases, three standard errors below the benchmark
                    rate_true + 3 * sqrt(rate_true * (1 - rate_true) / entered_cnt)
                        < benchmark_rate as is_detectable
                from (select *, sound_rate * multiplier as rate_true from truth_dealer_effect) as effect
                join serving.srv_weak_link as link using (dealer_id, step)
                where planted = 'weak' and period = 'all' and entered_cnt >= 20
                """
            ).fetchall()
        }
    named = [(link.dealer_id, link.step) for link in weak_links(Store(demo.snapshots_dir).snapshot(), "all")]
    detectable = {key for key, is_detectable in planted.items() if is_detectable}
    assert len(detectable) >= 15
    assert detectable <= set(named)
    assert len(set(named) - planted.keys()) <= len(named) / 10
