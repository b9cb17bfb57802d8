"""Public data sets through the whole pipeline give the results that their publishers or others found before
us.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from serving.funnel import funnel
from serving.scope import Period
from serving.store import Store

pytestmark = pytest.mark.real

COUNTRIES = {
    "brazil": "BR", "china": "CN", "france": "FR", "germany": "DE", "norway": "NO", "spain": "ES",
    "united_kingdom": "UK",
}  # fmt: skip


@pytest.fixture(scope="module")
def ran(real_data: Path, tmp_path_factory, worker, run_forecourt) -> Path:
    """The data folder of `forecourt real` on the public data sets."""
    shared = tmp_path_factory.getbasetemp() if worker == "master" else tmp_path_factory.getbasetemp().parent
    data_dir = shared / "built-real" / "data"
    said = shared / "built-real" / "said.txt"
    with FileLock(shared / "built-real.lock"):
        if not said.exists():
            done = run_forecourt(data_dir, "real", real_data)
            assert done.returncode == 0, done.stderr
            said.write_text(done.stdout)
    return data_dir / "real"


@pytest.fixture(scope="module")
def said(ran: Path) -> str:
    """What `forecourt real` printed."""
    return (ran.parent.parent / "said.txt").read_text()


@pytest.fixture
def facts(ran: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(ran / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


def known(real_data: Path, file: str) -> dict:
    return json.loads((real_data / file).read_text())["recomputed"]


def test_registrations_add_up_to_the_published_totals_to_the_unit(facts, real_data):
    found = facts.execute(
        """
        select country, period,
            coalesce(sum(units) filter (measure = 'all_by_brand'), sum(units) filter (measure = 'all_total'))
            as cars, coalesce(sum(units) filter (measure = 'electric_by_model'),
                sum(units) filter (measure = 'electric_total')) as electric
        from core.fct_registration group by all
        """
    ).fetchall()
    ours = {(country, period): (cars, electric) for country, period, cars, electric in found}
    with (real_data / "market" / "published_totals.csv").open(newline="") as lines:
        published = list(csv.DictReader(lines))
    assert len(published) > 600
    wrong = []
    for row in published:
        cars, electric = ours[COUNTRIES[row["country_page"]], row["period"].replace(" ", "-")]
        if row["passenger_car_sales"] and int(row["passenger_car_sales"]) != cars:
            wrong.append((row, cars))
        if row["bev_sales"] and int(row["bev_sales"]) != electric:
            wrong.append((row, electric))
        if row["bev_share"] and abs(float(row["bev_share"].rstrip(" %")) - 100 * electric / cars) > 0.1:
            wrong.append((row, electric / cars))
    assert wrong == []


def test_leads_won_and_their_share(facts):
    leads, won = facts.execute(
        "select count(*), count(ordered_at) from core.fct_lead where is_counted"
    ).fetchone()
    assert (leads, won) == (8_000, 842)
    assert round(100 * won / leads, 3) == 10.525


def test_rates_by_channel(facts, real_data):
    found = facts.execute(
        "select channel, count(*), count(ordered_at) from core.fct_lead where is_counted group by all"
    ).fetchall()
    expected: dict[str, tuple[int, int]] = {}
    for origin, leads, won, *_ in known(real_data, "crm/olist_known_results.json")["by_origin"]:
        channel = "unknown" if origin == "NULL" else origin  # a blank origin is an unknown one
        before = expected.get(channel, (0, 0))
        expected[channel] = (before[0] + leads, before[1] + won)
    assert {channel: (leads, won) for channel, leads, won in found} == expected


def test_leads_and_wins_by_month_of_the_lead(facts, real_data):
    found = facts.execute(
        """
        select strftime(created_on, '%Y-%m') as month, count(*), count(ordered_at)
        from core.fct_lead group by all order by month
        """
    ).fetchall()
    assert [list(row) for row in found] == known(real_data, "crm/olist_known_results.json")["by_month"]


@pytest.mark.parametrize("who", ["account_key", "one_id"])
def test_monthly_active_users_of_the_app(facts, real_data, who):
    found = facts.execute(
        f"""
        select strftime(occurred_at, '%Y-%m') as month, count(distinct {who})
        from core.fct_app_event group by all order by month
        """
    ).fetchall()
    assert [list(row) for row in found] == known(real_data, "app/deskdrop_known_results.json")["mau"]


def test_warranty_claims_by_month_and_by_brand(facts, real_data):
    expected = known(real_data, "service/vehicle_field_known_results.json")
    by_month = facts.execute(
        "select strftime(reported_on, '%Y-%m'), count(*) from core.fct_warranty_claim group by 1 order by 1"
    ).fetchall()
    by_brand = facts.execute(
        "select brand, count(*) from core.fct_warranty_claim group by 1 order by 1"
    ).fetchall()
    assert [list(row) for row in by_month] == expected["claims_by_report_month"]
    assert by_brand == [(brand, failed) for brand, _, failed in expected["by_brand"]]


def test_stages_that_these_data_do_not_have_are_no_data_and_not_zero(ran, facts):
    first, last = facts.execute("select min(created_on), max(created_on) from core.fct_lead").fetchone()
    steps = {step.step: step for step in funnel(Store(ran / "snapshots").snapshot(), Period(first, last))}
    assert {name for name, step in steps.items() if step.has_data} == {"order"}
    assert steps["order"].entered == 8_000
    assert steps["card"].rate is None
    assert steps["delivery"].rate is None


def test_the_command_says_no_data_too(said):
    card = next(line for line in said.splitlines() if line.strip().startswith("Card"))
    assert "no data" in card
    assert "8,000" not in card
