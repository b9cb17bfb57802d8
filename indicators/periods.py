"""Periods and comparisons: which days belong to a statistical date, and with which days they are compared.

A period ends on the statistical date, inclusive; a natural period (`1w`, `1m`, `1q`, `1y`) is the last one
that is complete on that date; `td` has no beginning.

What is compared lines up. A natural period is compared with a whole one, also where the months differ in
length. A period to date is compared with the same part of the other: mtd on the 10th with the first ten
days, and on the last day of the month with the whole of the other month (29 February included). Weeks are
compared with weeks: a month, a quarter or a year before is 4, 13 or 52 weeks before, so that weekdays meet.
A rolling period (`30d`) keeps its length and ends on the same day of the other month, or on its last one;
so do days that begin inside a month and end on one that the other month lacks.
"""

from __future__ import annotations

import calendar
import re
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
FORM = r"[1-9]\d{0,3}d|[wmqy]td|1[wmqy]|td"
FORM_WORDS = "some days (30d), a period to date (mtd), a complete one (1m), or td"
_MONTHS_OF = {"mom": 1, "qoq": 3, "yoy": 12}
_WEEKS_OF = {"wow": 1, "mom": 4, "qoq": 13, "yoy": 52}
# What a period to date or a natural period of each unit can be compared with: nothing shorter than itself.
_LINES_UP = {
    "w": ("wow", "mom", "qoq", "yoy"),
    "m": ("mom", "qoq", "yoy"),
    "q": ("qoq", "yoy"),
    "y": ("yoy",),
}


def is_period(text: str) -> bool:
    """Is it written as a period is?"""
    return re.fullmatch(FORM, text) is not None


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


def lines_up(period: str, compare: str) -> bool:
    """Can the period be compared so? A month cannot be compared with what it was a week before."""
    if is_rolling(period) or period == "td":
        return True
    return compare in _LINES_UP[period[0] if period.endswith("td") else period[-1]]


def earlier(compare: str, on: date) -> date:
    """The statistical date that `on` is compared with; the last day of a month stays inside its month."""
    if compare == "dod":
        return on - timedelta(days=1)
    if compare == "wow":
        return on - timedelta(days=7)
    return months_before(on, _MONTHS_OF[compare])


def compared(period: str, compare: str, on: date) -> tuple[date, date]:
    """First and last day of what the period is compared with. Raises ValueError where none lines up."""
    if not lines_up(period, compare):
        raise ValueError(f"'{period}' cannot be compared with {COMPARE_WORDS[compare]}")
    first, last = window(period, on)
    if period == "td":
        return BEGINNING, earlier(compare, last)
    if is_rolling(period):
        end = earlier(compare, last)
        return end - (last - first), end
    return shifted(first, last, compare, in_weeks="w" in period)


def shifted(first: date, last: date, compare: str, in_weeks: bool = False) -> tuple[date, date]:
    """The days `first` to `last` moved back; whole months stay whole months. `previous`: as many days before.

    `in_weeks` moves by whole weeks (4 for a month, 13 for a quarter, 52 for a year). Days that begin inside a
    month and end on one that the other month lacks (29 to 31 March, a month before) stay as many, and end on
    its last day.
    """
    if compare == "previous":
        return first - (last - first) - timedelta(days=1), first - timedelta(days=1)
    if in_weeks and compare in _WEEKS_OF:
        back = timedelta(weeks=_WEEKS_OF[compare])
        return first - back, last - back
    if compare not in _MONTHS_OF:
        return earlier(compare, first), earlier(compare, last)
    months = _MONTHS_OF[compare]
    end = months_before(last, months)
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    if first.day > 1 and end.day < last.day:
        return end - (last - first), end
    return months_before(first, months), end


def is_rolling(period: str) -> bool:
    """Is it a fixed number of days that end on the date?"""
    return period.endswith("d") and period[0].isdigit()


def part(grain: str, on: date) -> tuple[date, date]:
    """First and last day of the day, week, month, quarter or year that holds `on`."""
    return (on, on) if grain == "day" else (_start(grain[0], on), _end(grain[0], on))


def _start(unit: str, on: date) -> date:
    if unit == "w":
        return on - timedelta(days=on.weekday())
    if unit == "m":
        return on.replace(day=1)
    if unit == "q":
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return on.replace(month=1, day=1)


def months_before(on: date, months: int) -> date:
    """The same day so many months before; the month's last day where it has no such day."""
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
