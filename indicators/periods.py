"""Periods and comparisons: which days belong to a statistical date.

A period ends on the statistical date, inclusive; a natural period (`1w`, `1m`, `1q`, `1y`) is the last one
that is complete on that date; `td` has no beginning.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

BEGINNING = date(1900, 1, 1)

PERIOD_WORDS = {
    "wtd": "from Monday to the date",
    "mtd": "from the first of the month to the date",
    "qtd": "from the first of the quarter to the date",
    "ytd": "from 1 January to the date",
    "1w": "the last complete week (Monday to Sunday)",
    "1m": "the last complete month",
    "1q": "the last complete quarter",
    "1y": "the last complete year",
    "td": "from the beginning to the date",
}
COMPARE_WORDS = {
    "dod": "the day before",
    "wow": "a week before",
    "mom": "a month before",
    "qoq": "a quarter before",
    "yoy": "a year before",
}


def describe(period: str) -> str:
    """The period in words."""
    if period in PERIOD_WORDS:
        return PERIOD_WORDS[period]
    days = int(period.removesuffix("d"))
    return "the day" if days == 1 else f"the {days} days that end on the date"


def window(period: str, on: date) -> tuple[date, date]:
    """First and last day of the period for the statistical date `on`, both inclusive."""
    if period == "td":
        return BEGINNING, on
    if period.endswith("td"):
        return _start(period[0], on), on
    if period.endswith("d"):
        return on - timedelta(days=int(period[:-1]) - 1), on
    unit = period[-1]
    tomorrow = on + timedelta(days=1)
    end = _start(unit, tomorrow) - timedelta(days=1)
    return _start(unit, end), end


def earlier(compare: str, on: date) -> date:
    """The statistical date that `on` is compared with; the last day of a month stays inside its month."""
    if compare == "dod":
        return on - timedelta(days=1)
    if compare == "wow":
        return on - timedelta(days=7)
    return _months_before(on, {"mom": 1, "qoq": 3, "yoy": 12}[compare])


def _start(unit: str, on: date) -> date:
    if unit == "w":
        return on - timedelta(days=on.weekday())
    if unit == "m":
        return on.replace(day=1)
    if unit == "q":
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return on.replace(month=1, day=1)


def _months_before(on: date, months: int) -> date:
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def series(grain: str, first: date, last: date) -> list[date]:
    """The statistical dates of a series: each day, or the last of each week, month ...."""
    dates = []
    on = first
    while on <= last:
        dates.append(min(_end(grain[0], on), last))
        on = dates[-1] + timedelta(days=1)
    return dates


def _end(unit: str, on: date) -> date:
    if unit == "d":
        return on
    far = _start(unit, on) + timedelta(days={"w": 7, "m": 31, "q": 92, "y": 366}[unit])
    return _start(unit, far) - timedelta(days=1)
