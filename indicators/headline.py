"""The one number of an indicator that stands in the dictionary, and its course over the last quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from indicators import periods
from indicators.lookup import resolve
from indicators.planner import Request
from indicators.registry import Registry

DAYS = 30
WEEKS = 13


@dataclass(frozen=True)
class Headline:
    """The questions behind the number: `now` gives one row, `course` one row for each of 13 weeks.

    `first` to `last` are the days that `now` counts, `words` says which they are.
    """

    now: Request
    course: Request
    first: date
    last: date
    words: str


def headline(registry: Registry, code: str, as_of: date) -> Headline:
    """The last 30 days of a base code up to `as_of`, or the code's own period where it has one.

    Of a cohort indicator, the last days whose window is over: younger cohorts have no value yet.
    """
    derived = resolve(registry, code)
    last = as_of - timedelta(days=registry.matures(derived.base) or 0)
    weeks = {
        "date_from": last - timedelta(days=last.weekday() + 1 + 7 * WEEKS - 1),
        "date_to": last - timedelta(days=last.weekday() + 1),
        "grain": "week",
    }
    course = Request(code, **weeks)  # type: ignore[arg-type]
    if derived.period:
        first, end = periods.window(derived.period, last)
        return Headline(Request(code, date_to=last), course, first, end, periods.describe(derived.period))
    first = last - timedelta(days=DAYS - 1)
    now = Request(code, date_from=first, date_to=last)
    return Headline(now, course, first, last, _words(registry, derived.base))


def _words(registry: Registry, base: str) -> str:
    matures = registry.matures(base)
    if matures:
        return f"{DAYS} days of cohorts whose {matures}-day window is over"
    if registry.additivity(base) == "S":
        return f"the last snapshot of {DAYS} days"
    return f"{DAYS} days"
