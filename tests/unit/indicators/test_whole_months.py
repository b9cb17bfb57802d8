"""What is taken or booked once a month: asked for a part of one it says so, and what to ask instead."""

from datetime import date
from pathlib import Path

import pytest

from indicators.lookup import UnknownCode, resolve
from indicators.planner import Coverage, PlanError, Request, compared, plan
from indicators.registry import Registry, load_registry
from tests.unit.indicators.rich_registry import write_registry

HELD = {
    "lead": Coverage(date(2025, 12, 20), date(2026, 5, 13)),
    "stock": Coverage(date(2026, 1, 31), date(2026, 5, 13)),
}
MAY = {"date_from": date(2026, 5, 1), "date_to": date(2026, 5, 31)}
MARCH = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 31)}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The spend is booked once a month, so that the cost per lead means something over whole months only."""
    folder: Path = tmp_path_factory.mktemp("registry")
    booked = ("measure: sum(spend_amt), unit: EUR", "measure: sum(spend_amt), whole: month, unit: EUR")
    return load_registry(write_registry(folder, {"lead.yml": [booked]}))


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (
            Request("cpl", date_from=date(2026, 3, 5), date_to=date(2026, 3, 20)),
            "2026-03-05 to 2026-03-20 is not made of them. Ask for 2026-03-01 to 2026-03-31",
        ),
        (Request("cpl", date_to=date(2026, 3, 20)), "the beginning to .* Ask for 2026-01-01 to 2026-03-31"),
        (
            Request("cpl", date_from=date(2026, 4, 2), date_to=date(2026, 6, 9)),
            "Ask for 2026-04-01 to 2026-04-30",  # May is not over
        ),
        (Request("cpl", date_from=date(2026, 5, 2)), "Ask for 2026-04-01 to 2026-04-30"),
        (Request("cpl", **MARCH, grain="week"), "a week has no value. Ask by month, quarter or year"),
        (Request("cpl", **MARCH, compare="previous"), "compare it by mom, qoq or yoy, not by previous"),
        (Request("cpl", **MAY), "has data from 2026-01-01 to 2026-04-30: none for 2026-05-01"),
        (
            Request("stock_qty", date_from=date(2026, 3, 5), date_to=date(2026, 3, 20)),
            "taken at each month's end: none lies in 2026-03-05 to 2026-03-20. "
            "Ask for days that hold 2026-02-28 or 2026-03-31",
        ),
        (Request("stock_qty", date_from=date(2026, 5, 2)), "Ask for days that hold 2026-04-30"),
        (
            Request("stock_qty", date_from=date(2026, 3, 31), date_to=date(2026, 3, 31), compare="wow"),
            "none lies in 2026-03-24 to 2026-03-24. Compare by mom, qoq or yoy",
        ),
    ],
)
def test_a_part_of_a_month_is_refused_with_what_to_ask(registry, request_, says):
    with pytest.raises(PlanError, match=says):
        plan(registry, request_, coverage=HELD)


def test_whole_months_are_answered_and_open_ends_are_those_of_whole_months_with_data(registry):
    for request, first, last in (
        (Request("cpl", **MARCH), date(2026, 3, 1), date(2026, 3, 31)),
        (Request("cpl"), date(2026, 1, 1), date(2026, 4, 30)),
    ):
        params = plan(registry, request, coverage=HELD).params
        assert (params["date_from"], params["date_to"]) == (first, last)
    series = Request("cpl", date_from=date(2026, 2, 1), grain="month", compare="mom")
    windows = plan(registry, series, coverage=HELD).windows
    assert [w.last for w in windows if w.slot == "now"] == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip


def test_the_last_snapshot_up_to_a_day_is_answered(registry):
    for request in (
        Request("stock_qty", date_to=date(2026, 3, 20)),
        Request("stock_qty", date_from=date(2026, 3, 5), date_to=date(2026, 5, 2)),
        Request("stock_qty", date_from=date(2026, 3, 5), date_to=date(2026, 4, 2), grain="day"),
    ):
        assert plan(registry, request, coverage=HELD).sql


def test_days_that_are_compared_are_whole_months_too(registry):
    march, january = (MARCH["date_from"], MARCH["date_to"]), (date(2026, 1, 1), date(2026, 1, 31))
    now, before, _ = compared(registry, ["cpl"], march, january, HELD)
    assert (now.first, now.last, before.first, before.last) == (*march, *january)
    for one, other in (
        (march, (date(2026, 1, 1), date(2026, 1, 30))),
        ((MARCH["date_from"], date(2026, 3, 9)), "mom"),
    ):
        with pytest.raises(PlanError, match="whole months only"):
            compared(registry, ["cpl"], one, other, HELD)


def test_a_period_that_never_fits_is_not_advised(registry):
    with pytest.raises(UnknownCode, match=r"'30d' \(the 30 days that end on the date\) is none. Take 1m"):
        resolve(registry, "cpl_30d")
    with pytest.raises(
        UnknownCode, match=r"taken at each month's end: '7d' holds none on most days. Take 1m, td"
    ):
        resolve(registry, "stock_qty_7d")
    with pytest.raises(UnknownCode, match=r"generate it with an entry under `derived` in lead.yml"):
        resolve(registry, "lead_visit_cnt_7d")
