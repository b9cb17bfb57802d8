"""Codes of derived indicators come apart as they were put together; periods hold the days that they name."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import periods
from indicators.codes import DerivedCode, parse_code
from indicators.registry import load_registry

REGISTRY = load_registry()
STANDARD = REGISTRY.standard
COMPARES = [*STANDARD.compares, *(f"{name}_pp" for name in STANDARD.compares)]
DATES = st.dates(date(1999, 12, 1), date(2032, 3, 1))


def parse(code: str) -> DerivedCode | None:
    return parse_code(code, REGISTRY.bases, set(REGISTRY.modifiers), STANDARD.periods, STANDARD.compares)


@settings(derandomize=True)
@given(
    base=st.sampled_from(sorted(REGISTRY.bases)),
    modifiers=st.lists(st.sampled_from(sorted(REGISTRY.modifiers)), unique=True, max_size=2),
    period=st.sampled_from(STANDARD.periods),
    compare=st.none() | st.sampled_from(COMPARES),
)
def test_a_code_comes_apart_as_it_was_put_together(base, modifiers, period, compare):
    code = DerivedCode(base, period, tuple(modifiers), compare)
    assert parse(str(code)) == code


@pytest.mark.parametrize(
    "text", ["", "lead_cnt", "lead_cnt_30", "30d", "_30d", "lead_cnt_x_30d", "lead_cnt_30d_pp"]
)
def test_what_is_no_derived_code_is_none(text):
    assert parse(text) is None


def test_test_drive_and_to_date_differ_by_position():
    assert parse("td_cnt_td") == DerivedCode("td_cnt", "td")


def test_every_generated_code_is_parsed_and_unique():
    assert all(parse(text) == code for text, code in REGISTRY.derived.items())
    assert len(REGISTRY.derived) > 1_000


@settings(derandomize=True)
@given(period=st.sampled_from(STANDARD.periods), on=DATES)
def test_a_period_ends_on_or_before_its_date_and_has_its_length(period, on):
    first, last = periods.window(period, on)
    assert first <= last <= on
    if period[0].isdigit() and period.endswith("d"):
        assert (last - first).days + 1 == int(period[:-1])
        assert last == on
    elif period[0].isdigit():  # natural: complete, and the next one is not
        assert periods.window(period, last) == (first, last)
        assert periods.window(period, last + timedelta(days=1))[1] <= last + timedelta(days=1)
    else:
        assert last == on


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        ("30d", "2026-03-31", "2026-03-02", "2026-03-31"),
        ("mtd", "2026-03-31", "2026-03-01", "2026-03-31"),
        ("wtd", "2026-04-01", "2026-03-30", "2026-04-01"),
        ("qtd", "2026-05-02", "2026-04-01", "2026-05-02"),
        ("1m", "2026-03-30", "2026-02-01", "2026-02-28"),
        ("1m", "2026-03-31", "2026-03-01", "2026-03-31"),
        ("1w", "2026-04-04", "2026-03-23", "2026-03-29"),
        ("1w", "2026-04-05", "2026-03-30", "2026-04-05"),
        ("1q", "2026-01-01", "2025-10-01", "2025-12-31"),
        ("1y", "2026-12-31", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods_by_hand(period, on, first, last):
    found = periods.window(period, date.fromisoformat(on))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("compare", "on", "before"),
    [
        ("yoy", "2024-02-29", "2023-02-28"),
        ("mom", "2026-03-31", "2026-02-28"),
        ("mom", "2026-01-15", "2025-12-15"),
        ("qoq", "2026-05-31", "2026-02-28"),
        ("wow", "2026-01-03", "2025-12-27"),
        ("dod", "2026-01-01", "2025-12-31"),
    ],
)
def test_compares_by_hand(compare, on, before):
    assert periods.earlier(compare, date.fromisoformat(on)) == date.fromisoformat(before)


@settings(derandomize=True)
@given(
    grain=st.sampled_from(["day", "week", "month", "quarter", "year"]),
    first=DATES,
    length=st.integers(0, 800),
)
def test_a_series_covers_its_days_once_and_ends_on_the_last(grain, first, length):
    last = first + timedelta(days=length)
    dates = periods.series(grain, first, last)
    assert dates == sorted(set(dates))
    assert first <= dates[0]
    assert dates[-1] == last
