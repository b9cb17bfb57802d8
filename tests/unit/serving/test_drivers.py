"""Which days a driver tree sets against one another, where the data do not hold all that was asked."""

from datetime import date
from types import SimpleNamespace

import pytest

from indicators.planner import Coverage
from indicators.registry import load_registry
from serving import drivers
from serving.drivers import Span, what_moved
from serving.errors import QueryFailed

HELD = Coverage(date(2024, 1, 10), date(2026, 9, 30))


@pytest.fixture
def moved(monkeypatch):
    """Ask for the tree of orders; the days for which each of its indicators was asked stand in `asked`."""
    registry, asked = load_registry(), {}

    def ask(snapshot, registry, request):
        asked.setdefault((request.date_from, request.date_to), []).append(request.code)
        days = (request.date_to - request.date_from).days + 1
        draft = (f"{request.code} is a draft",)
        if "region" in request.where:
            says = (f"'XX' is no value of region ({request.code}).",)
            return SimpleNamespace(rows=lambda: [{"value": None}], warnings=draft, unknown=says)
        return SimpleNamespace(rows=lambda: [{"value": days}], warnings=draft, unknown=())

    def coverage(snapshot, registry, code):
        late = Coverage(HELD.first, date(2026, 10, 31))
        names = drivers.planner.processes(registry, code)
        return dict.fromkeys(names, HELD if code == "order_cnt" else late)

    monkeypatch.setattr(drivers, "ask", ask)
    monkeypatch.setattr(drivers, "coverage", coverage)

    def run(first, last, against, **more):
        return what_moved(None, registry, "order_cnt", Span(first, last), against, **more)

    return SimpleNamespace(run=run, asked=asked)


@pytest.mark.parametrize(
    ("against", "before"),
    [
        ("yoy", (date(2025, 9, 1), date(2025, 9, 30))),
        ("previous", (date(2026, 7, 2), date(2026, 7, 31))),
        (Span(date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 1, 1), date(2026, 1, 30))),
    ],
)
def test_a_period_that_goes_on_after_the_data_is_set_against_the_same_part(moved, against, before):
    found = moved.run(date(2026, 9, 1), date(2026, 10, 31), against)
    assert set(moved.asked) == {(date(2026, 9, 1), date(2026, 9, 30)), before}
    assert (found.before.first, found.before.last) == before
    assert found.whole.change == 0
    assert found.notes == ("The data end on 2026-09-30: the same part of both periods is compared.",)
    assert "order_cnt is a draft" in found.warnings
    assert len(found.warnings) == len(found.tree.codes)


@pytest.mark.parametrize(
    ("now", "against", "says"),
    [
        ((date(2024, 2, 1), date(2024, 2, 29)), "mom", "2024-01-01 to 2024-01-31 is not wholly in it"),
        (
            (date(2026, 1, 1), date(2026, 1, 31)),
            Span(date(2024, 1, 1), date(2024, 1, 31)),
            "2024-01-01 to 2024-01-31 is not wholly in it",
        ),
        (
            (date(2024, 1, 1), date(2024, 1, 31)),
            Span(date(2026, 1, 1), date(2026, 1, 31)),
            "2024-01-01 to 2024-01-31 is not wholly in it",
        ),
        ((date(2026, 10, 1), date(2026, 10, 31)), "yoy", "has data from 2024-01-10 to 2026-09-30: none for"),
    ],
)
def test_a_period_that_is_not_in_the_data_is_refused(moved, now, against, says):
    with pytest.raises(QueryFailed, match=says):
        moved.run(*now, against)
    assert moved.asked == {}


def test_whole_periods_are_compared_as_they_were_asked_for(moved):
    found = moved.run(date(2026, 4, 1), date(2026, 6, 30), Span(date(2025, 1, 1), date(2025, 2, 28)))
    assert (found.now, found.before) == (
        Span(date(2026, 4, 1), date(2026, 6, 30)),
        Span(date(2025, 1, 1), date(2025, 2, 28)),
    )
    assert found.notes == ()


def test_a_filter_that_nothing_has_is_named_once(moved):
    with pytest.raises(QueryFailed, match=r"^No data: 'XX' is no value of region \([a-z_]+\)\.$"):
        moved.run(date(2026, 3, 1), date(2026, 3, 31), "yoy", where={"region": "XX"})
