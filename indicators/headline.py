"""The one number of an indicator that stands in the dictionary, and its course over the last quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from indicators import periods
from indicators.lookup import resolve
from indicators.planner import Request
from indicators.registry import Registry
from indicators.tables import tables

DAYS = 30
WEEKS = 13
MONTHS = 3


@dataclass(frozen=True)
class Headline:
    """The questions behind the number: `now` gives one row, `course` one for each of 13 weeks or 3 months.

    `first` to `last` are the days that `now` counts, `words` says which they are.
    """

    now: Request
    course: Request
    first: date
    last: date
    words: str


def headline(registry: Registry, code: str, as_of: date) -> Headline:
    """The last 30 days of a base code up to `as_of`, or the code's own period where it has one.

    Of a cohort indicator, the last days whose window is over: younger cohorts have no value yet. Of one that
    means something over whole months only, the last complete month.
    """
    derived = resolve(registry, code)
    matures = registry.matures(derived.base)
    last = as_of - timedelta(days=matures + 1) if matures else as_of
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
    if registry.whole_months(derived.base):
        first, last = periods.window("1m", last)
        begin = periods.months_before(first, MONTHS - 1)
        course = Request(code, date_from=begin, date_to=last, grain="month")
    now = Request(code, date_from=first, date_to=last)
    return Headline(now, course, first, last, _words(registry, derived.base))


def last_day_sql(registry: Registry, code: str) -> str:
    """One row, `day`: the last day that every source of a code knows; null where one has no data.

    Of snapshots it is the last one taken: what is recorded about the present may be later than the events.
    """
    operands = registry.operands(resolve(registry, code).base)
    if all(registry.snapshot(operand) for operand in operands):
        names = sorted({_table(registry, operand) for operand in operands})
        days = " union all ".join(f"select max(stat_date) as day from indicators.{name}" for name in names)
        return f"select min(day) as day from ({days}) as snapshot"
    sources = sorted({registry.process_of[operand].source for operand in operands})
    listed = ", ".join(f"'{source}'" for source in sources)
    known = f"case when count(*) = {len(sources)} then min(as_of_on) end"
    return f"select {known} as day from serving.srv_as_of where source in ({listed})"


def _table(registry: Registry, operand: str) -> str:
    held = tables(registry, registry.process_of[operand])
    return next(table.name for table in held if operand in table.measures)


def _words(registry: Registry, base: str) -> str:
    if registry.whole_months(base):
        return periods.describe("1m")
    matures = registry.matures(base)
    if matures:
        return f"{DAYS} days of cohorts whose {matures}-day window is over"
    if registry.additivity(base) == "S":
        return f"the last snapshot of {DAYS} days"
    return f"{DAYS} days"
