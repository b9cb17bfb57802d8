"""The running month: expected end, targets, and the planner's numbers."""

from datetime import date, timedelta

import pytest

from indicators.registry import load_registry
from serving.month import WEEKS, expected_end, month_so_far, month_targets
from serving.scope import NETWORK, Scope
from tests.unit.serving.warehouse import AS_OF


def test_a_day_to_come_is_like_the_same_weekdays_before():
    last = date(2026, 9, 27)  # a Sunday; Monday to Wednesday are still to come
    week = [10, 20, 30, 40, 50, 5, 1]  # Monday to Sunday
    assert expected_end(1000, week * WEEKS, last) == 1000 + 10 + 20 + 30
    assert expected_end(1000, week * WEEKS, date(2026, 9, 30)) == 1000
    mixed = week * (WEEKS - 1) + [10 + 8, 20, 30, 40, 50, 5, 1]
    assert expected_end(0, mixed, last) == pytest.approx(61)


def test_the_month_is_the_planners_and_ends_where_the_data_do(store):
    snapshot, registry = store.snapshot(), load_registry()
    last = AS_OF - timedelta(days=11)
    found = month_so_far(snapshot, registry, "lead_cnt", last, NETWORK, 500.0)
    days = snapshot.query(
        "SELECT sum(lead_cnt)::BIGINT AS n FROM indicators.ind_lead_1d WHERE stat_date BETWEEN $1 AND $2",
        [last.replace(day=1), last],
    ).to_pylist()
    assert (found.value, found.target, len(found.daily)) == (days[0]["n"], 500.0, 7 * WEEKS)
    assert found.expected > found.value
    part = month_so_far(snapshot, registry, "lead_cnt", last, Scope(dealer="D0001"))
    assert 0 < part.value < found.value


def test_what_cannot_be_answered_says_why(store):
    found = month_so_far(store.snapshot(), load_registry(), "svc_visit_cnt", AS_OF, NETWORK)
    assert found.value is None
    assert found.problem


def test_targets_are_those_of_the_scopes_dealers(store):
    assert month_targets(store.snapshot(), AS_OF, NETWORK) == {}
