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


@pytest.mark.parametrize(
    ("period", "compare", "on", "first", "last"),
    [
        ("mtd", "mom", "2026-03-10", "2026-02-01", "2026-02-10"),  # not over: the same part
        ("mtd", "mom", "2026-03-31", "2026-02-01", "2026-02-28"),  # over: the whole month
        ("mtd", "mom", "2026-02-28", "2026-01-01", "2026-01-31"),  # also of a longer one
        ("mtd", "mom", "2026-03-30", "2026-02-01", "2026-02-28"),  # no such day: the last there is
        ("mtd", "yoy", "2024-02-29", "2023-02-01", "2023-02-28"),
        ("mtd", "yoy", "2025-02-28", "2024-02-01", "2024-02-29"),
        ("ytd", "yoy", "2025-02-28", "2024-01-01", "2024-02-29"),
        ("ytd", "yoy", "2025-02-27", "2024-01-01", "2024-02-27"),
        ("1d", "yoy", "2024-02-29", "2023-02-28", "2023-02-28"),
        ("7d", "yoy", "2025-03-01", "2024-02-24", "2024-03-01"),  # seven days in a leap year too
        ("1m", "mom", "2025-02-28", "2025-01-01", "2025-01-31"),  # and not December
        ("1m", "yoy", "2025-03-15", "2024-02-01", "2024-02-29"),
        ("1q", "qoq", "2026-05-31", "2025-10-01", "2025-12-31"),
        ("qtd", "qoq", "2026-05-10", "2026-01-01", "2026-02-10"),
        ("wtd", "yoy", "2026-11-18", "2025-11-17", "2025-11-19"),  # Monday to Wednesday
        ("1w", "mom", "2026-11-18", "2026-10-12", "2026-10-18"),
        ("td", "yoy", "2026-11-18", "1900-01-01", "2025-11-18"),
    ],
)
def test_what_is_compared_lines_up(period, compare, on, first, last):
    found = periods.compared(period, compare, date.fromisoformat(on))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@settings(derandomize=True)
@given(
    period=st.sampled_from(STANDARD.periods), compare=st.sampled_from(list(periods.COMPARE_WORDS)), on=DATES
)
def test_a_compared_period_is_an_earlier_one_of_the_same_kind(period, compare, on):
    if not periods.lines_up(period, compare):
        with pytest.raises(ValueError, match="cannot be compared"):
            periods.compared(period, compare, on)
        return
    first, last = periods.window(period, on)
    start, end = periods.compared(period, compare, on)
    assert end < last
    assert start <= end
    if periods.is_rolling(period):
        assert end - start == last - first
    elif period != "td":
        assert (start.day, start.weekday())[period[0] == "w" or period[-1] == "w"] in (1, 0)
        assert end < first  # nothing is counted twice


def test_generated_codes_line_up():
    assert not any(
        code.compare and not periods.lines_up(code.period, code.compare.removesuffix("_pp"))
        for code in REGISTRY.derived.values()
    )


@pytest.mark.parametrize(
    ("first", "last", "compare", "before"),
    [
        ("2026-02-01", "2026-02-28", "mom", ("2026-01-01", "2026-01-31")),
        ("2026-03-05", "2026-03-31", "mom", ("2026-02-02", "2026-02-28")),  # February has no 31st: 27 days
        ("2026-03-29", "2026-03-31", "mom", ("2026-02-26", "2026-02-28")),
        ("2024-02-28", "2024-02-29", "yoy", ("2023-02-27", "2023-02-28")),
        ("2026-03-01", "2026-03-30", "mom", ("2026-02-01", "2026-02-28")),  # as mtd on the 30th
        ("2026-03-05", "2026-03-14", "previous", ("2026-02-23", "2026-03-04")),
        ("2024-02-01", "2024-02-29", "yoy", ("2023-02-01", "2023-02-28")),
        ("2026-03-05", "2026-03-14", "wow", ("2026-02-26", "2026-03-07")),
    ],
)
def test_a_range_is_moved_as_whole_months_where_it_is_one(first, last, compare, before):
    found = periods.shifted(date.fromisoformat(first), date.fromisoformat(last), compare)
    assert found == tuple(map(date.fromisoformat, before))


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
