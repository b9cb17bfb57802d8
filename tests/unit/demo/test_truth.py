"""The truth agrees with the files, foreign keys hold, rates are the trade's, planted steps are weak."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from ingestion.demo.base.clock import NONE, period_ending
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import BASE_RATE, STEPS, make_dealers
from ingestion.demo.simulation.journey import simulate_journeys
from ingestion.demo.simulation.people import make_people
from ingestion.demo.systems.dirt import PLACEHOLDER_EMAILS

CRM_LINKS = [
    ("card", "lead_id", "lead", "lead_id"),
    ("appointment", "card_id", "card", "card_id"),
    ("visit", "card_id", "card", "card_id"),
    ("visit", "appointment_id", "appointment", "appointment_id"),
    ("test_drive", "card_id", "card", "card_id"),
    ("test_drive", "visit_id", "visit", "visit_id"),
    ("quote", "card_id", "card", "card_id"),
    ("sales_order", "card_id", "card", "card_id"),
    ("delivery", "order_id", "sales_order", "order_id"),
    ("financing", "order_id", "sales_order", "order_id"),
    ("referral", "lead_id", "lead", "lead_id"),
    ("referral", "referrer_card_id", "card", "card_id"),
    ("stock_unit", "dealer_id", "dealer", "dealer_id"),
]
SERVICE_LINKS = [
    ("vehicle", "customer_no", "customer", "customer_no"),
    ("appointment", "customer_no", "customer", "customer_no"),
    ("repair_order", "customer_no", "customer", "customer_no"),
    ("repair_order", "appointment_no", "appointment", "appointment_no"),
    ("repair_order_line", "order_no", "repair_order", "order_no"),
    ("warranty_claim", "order_no", "repair_order", "order_no"),
]


def truth_of(world: Path, name: str) -> list[dict]:
    return pq.read_table(world / "truth" / f"{name}.parquet").to_pylist()


@pytest.fixture(scope="module")
def good(tiny: Path) -> Iterator[sqlite3.Connection]:
    """Both databases in one connection (schemas crm and service), and the keys of their bad rows."""
    connection = sqlite3.connect(":memory:")
    for source in ("crm", "service"):
        connection.execute(f"ATTACH '{tiny / source}.sqlite' AS {source}")
    connection.execute("CREATE TEMP TABLE bad (source, entity, key)")
    bad = [(r["source"], r["entity"], r["position"].split("|")[0]) for r in truth_of(tiny, "bad_row")]
    connection.executemany("INSERT INTO bad VALUES (?, ?, ?)", bad)
    yield connection
    connection.close()


def orphans(good: sqlite3.Connection, source: str, link: tuple[str, str, str, str]) -> int:
    child, column, parent, key = link
    first = good.execute(f"SELECT name FROM pragma_table_info('{child}', '{source}') LIMIT 1").fetchone()[0]
    found = good.execute(
        f"SELECT count(*) FROM {source}.{child} c WHERE c.{column} IS NOT NULL"
        f" AND c.{column} NOT IN (SELECT {key} FROM {source}.{parent} WHERE {key} IS NOT NULL)"
        f" AND CAST(c.{first} AS TEXT) NOT IN (SELECT key FROM bad WHERE source = ? AND entity = ?)",
        (source, child),
    )
    return int(found.fetchone()[0])


@pytest.mark.parametrize("link", CRM_LINKS, ids=lambda link: f"{link[0]}.{link[1]}")
def test_crm_rows_point_at_rows_that_exist(good: sqlite3.Connection, link: tuple[str, str, str, str]) -> None:
    assert orphans(good, "crm", link) == 0


@pytest.mark.parametrize("link", SERVICE_LINKS, ids=lambda link: f"{link[0]}.{link[1]}")
def test_workshop_rows_point_at_rows_that_exist(good: sqlite3.Connection, link: tuple[str, ...]) -> None:
    assert orphans(good, "service", link) == 0


def test_change_numbers_of_the_workshop_are_unique_over_all_tables(good: sqlite3.Connection) -> None:
    tables = [row[0] for row in good.execute("SELECT name FROM service.sqlite_master WHERE type = 'table'")]
    union = " UNION ALL ".join(f"SELECT change_seq FROM service.{table}" for table in tables)
    assert good.execute(f"SELECT count(*) - count(DISTINCT change_seq) FROM ({union})").fetchone() == (0,)


@pytest.mark.parametrize(
    ("process", "table", "key", "counted"),
    [
        ("lead", "crm.lead", "lead_id", "deleted_at IS NULL AND is_test = 0"),
        ("card", "crm.card", "card_id", "deleted_at IS NULL"),
        ("visit", "crm.visit", "visit_id", "deleted_at IS NULL"),
        ("test_drive", "crm.test_drive", "test_drive_id", "deleted_at IS NULL"),
        (
            "order",
            "crm.sales_order",
            "order_id",
            "deleted_at IS NULL AND ordered_at IS NOT NULL"
            " AND (cancelled_at IS NULL OR julianday(cancelled_at) - julianday(ordered_at) > 7)",
        ),
        ("delivery", "crm.delivery", "delivery_id", "deleted_at IS NULL"),
        ("service_visit", "service.repair_order", "order_no", "voided = 0"),
    ],
)
def test_the_truth_counts_the_rows_that_the_source_counts(
    good: sqlite3.Connection, tiny: Path, process: str, table: str, key: str, counted: str
) -> None:
    events = [row for row in truth_of(tiny, "event") if row["process"] == process]
    source, entity = table.split(".")
    rows = good.execute(
        f"SELECT CAST({key} AS TEXT) FROM {table} WHERE {counted} AND CAST({key} AS TEXT) NOT IN"
        " (SELECT key FROM bad WHERE source = ? AND entity = ?)",
        (source, entity),
    )
    assert {row[0] for row in rows} == {event["record_key"] for event in events if event["is_counted"]}
    everything = {row[0] for row in good.execute(f"SELECT CAST({key} AS TEXT) FROM {table}")}
    assert everything == {event["record_key"] for event in events}
    assert all((event["reason"] is None) == event["is_counted"] for event in events)


def test_records_of_a_person_share_and_placeholders_do_not(good: sqlite3.Connection, tiny: Path) -> None:
    people = {
        r["record_key"]: r["person_id"] for r in truth_of(tiny, "record_person") if r["entity"] == "lead"
    }
    rows = good.execute(
        "SELECT lead_id, lower(email) FROM crm.lead WHERE is_test = 0 AND email IS NOT NULL"
    ).fetchall()
    owners: dict[str, set[str]] = {}
    for key, email in rows:
        if key in people:
            owners.setdefault(email, set()).add(people[key])
    real = [len(who) for email, who in owners.items() if email not in PLACEHOLDER_EMAILS]
    assert np.mean(np.array(real) == 1) > 0.97
    assert max(real) <= 2, "a real address belongs to one person or a couple"
    assert all(len(owners[email]) > 3 for email in PLACEHOLDER_EMAILS if email in owners)


def test_a_lazy_dealers_telephone_stands_on_fifty_cards(good: sqlite3.Connection) -> None:
    digits = "replace(replace(replace(phone, ' ', ''), '/', ''), '-', '')"
    most = good.execute(
        "SELECT max(n) FROM (SELECT count(*) n FROM crm.card c JOIN crm.dealer d USING (dealer_id)"
        f" WHERE {digits.replace('phone', 'c.phone')} = {digits.replace('phone', 'd.phone')}"
        " GROUP BY dealer_id)"
    ).fetchone()[0]
    assert 45 <= most <= 55


@pytest.fixture(scope="module")
def rates() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates of each dealer and step over leads older than half a year: simulated, sound; what was planted."""
    seeds, period = Seeds(7), period_ending(date(2026, 10, 31))
    dealers = make_dealers(seeds, 120)
    journeys = simulate_journeys(seeds, make_people(seeds, 50_000, dealers, period), dealers, period)
    old = ~journeys.walk_in & (journeys.dealer >= 0) & (journeys.lead_at < period.end - 180 * 86_400)
    bought = (journeys.order_at != NONE) & ~(journeys.cancel_at - journeys.order_at <= 7 * 86_400)
    bought |= (journeys.order_at != NONE) & (journeys.cancel_at == NONE)
    reached = [journeys.card_at != NONE, journeys.visit_at != NONE, journeys.test_drive_at != NONE, bought]
    reached.append(journeys.deliver_at != NONE)
    stages = [old, *(old & one for one in reached)]
    size = [np.bincount(journeys.dealer[stage], minlength=120) for stage in stages]
    assert size[0].min() >= 400
    return np.stack([size[i + 1] / size[i] for i in range(5)], axis=1), dealers.sound_rate, dealers.planted


def test_rates_of_sound_dealers_are_those_of_the_trade(rates: tuple[np.ndarray, ...]) -> None:
    simulated, _, planted = rates
    ordinary = np.where(planted == "", simulated, np.nan)
    assert np.abs(np.nanmean(ordinary, axis=0) - BASE_RATE).max() < 0.02
    assert 0.045 < np.median(simulated[:, :4].prod(axis=1)) < 0.08


@pytest.mark.parametrize("step", range(5), ids=STEPS)
def test_a_planted_weak_step_is_weak_and_no_other_looks_like_it(
    rates: tuple[np.ndarray, ...], step: int
) -> None:
    simulated, sound, planted = rates
    relative = simulated[:, step] / sound[:, step]
    weak = planted[:, step] == "weak"
    assert relative[weak].max() < 0.70
    assert relative[~weak].min() > 0.85
