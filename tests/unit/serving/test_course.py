"""The funnel beside the period before and a year ago: the same numbers as three questions would give."""

from datetime import timedelta

import pytest

from serving.course import course, shares_of_leads
from serving.funnel import StepCount, funnel, trend
from serving.scope import NETWORK, Period, Scope
from tests.unit.serving.warehouse import AS_OF

QUARTER = Period(AS_OF - timedelta(days=89), AS_OF)


@pytest.mark.parametrize("scope", [NETWORK, Scope(region="DE-BY"), Scope(dealer="D0007")])
def test_one_scan_gives_what_single_questions_give(store, scope):
    snapshot = store.snapshot()
    found = course(snapshot, QUARTER, scope, 6)
    assert found.now == funnel(snapshot, QUARTER, scope)
    assert found.before == funnel(snapshot, QUARTER.before(), scope)
    assert found.year_ago == funnel(snapshot, QUARTER.year_ago(), scope)
    assert list(found.bins) == trend(snapshot, QUARTER, scope, 6)


def test_a_period_without_leads_is_a_funnel_of_zeros(store):
    long_ago = Period(AS_OF - timedelta(days=4000), AS_OF - timedelta(days=3990))
    found = course(store.snapshot(), long_ago)
    assert [step.entered for step in found.now] == [0, 0, 0, 0, 0]
    assert found.bins == ()


def test_the_share_of_leads_is_the_product_of_sure_rates():
    def step(no, name, entered, passed, has_data=True):
        return StepCount(no, name, name, has_data, 30, entered, passed, entered, passed)

    steps = (
        step(1, "card", 100, 50), step(2, "visit", 0, 0, has_data=False), step(3, "order", 50, 10),
        step(4, "delivery", 10, 9),
    )  # fmt: skip
    assert shares_of_leads(steps) == {"card": 0.5, "order": 0.1}


def test_a_year_ago_has_the_same_weekdays():
    assert QUARTER.year_ago().first.weekday() == QUARTER.first.weekday()
    assert QUARTER.year_ago().days == QUARTER.days
