"""The running month of an indicator: so far, against the same days before, its target and expected end."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from indicators.planner import Request
from indicators.registry import Registry
from serving.errors import OutOfScope, QueryFailed
from serving.query import ask
from serving.scope import Scope
from serving.store import Snapshot

# A day is expected to be like the same weekdays of so many weeks.
WEEKS = 8


@dataclass(frozen=True)
class MonthSoFar:
    """An additive indicator from the first of the month to `last`, in `unit`.

    `previous` and `year_ago` are the same days of the month before and of the year before; `daily` the values
    of the last `WEEKS` weeks, oldest first, 0 where nothing happened; `target` what was agreed for the month;
    `expected` the month's end at the pace of these weeks. `problem` says why there is no value.
    """

    code: str
    unit: str
    first: date
    last: date
    value: float | None
    previous: float | None = None
    year_ago: float | None = None
    daily: tuple[float, ...] = ()
    target: float | None = None
    expected: float | None = None
    problem: str | None = None


def month_so_far(
    snapshot: Snapshot, registry: Registry, code: str, last: date, scope: Scope, target: float | None = None
) -> MonthSoFar:
    """The month that `last` is in, of one indicator; all its numbers are the planner's."""
    first = last.replace(day=1)
    where = {
        name: value
        for name, value in (("region", scope.region), ("dealer", scope.dealer))
        if value is not None
    }
    unit = registry.unit(code)
    try:
        by_month, by_year = (
            ask(snapshot, registry, Request(code, (), first, last, where, compare=compare)).rows()
            for compare in ("mom", "yoy")
        )
        start = last - timedelta(days=7 * WEEKS - 1)
        days = ask(snapshot, registry, Request(code, (), start, last, where, grain="day")).rows()
    except OutOfScope:
        raise
    except QueryFailed as error:
        return MonthSoFar(code, unit, first, last, None, problem=str(error))
    found = {row["period"]: float(row["value"] or 0) for row in days}
    daily = [found.get(start + timedelta(days=number), 0.0) for number in range(7 * WEEKS)]
    now = by_month[0]["value_now"] if by_month else None
    value = None if now is None else float(now)
    return MonthSoFar(
        code, unit, first, last, value, _number(by_month), _number(by_year), tuple(daily), target,
        None if value is None else expected_end(value, daily, last),
    )  # fmt: skip


def expected_end(value: float, daily: Sequence[float], last: date) -> float:
    """The month's value at its end: what there is, and for each day to come the mean of its weekday.

    `daily` are whole weeks that end on `last` (a seasonal naive forecast with an average).
    """
    end = calendar.monthrange(last.year, last.month)[1]
    # daily[-7] is the weekday of the day after `last`.
    means = [fmean(daily[-7 + ahead :: -7]) for ahead in range(7)]
    return value + sum(means[ahead % 7] for ahead in range(end - last.day))


def month_targets(snapshot: Snapshot, month: date, scope: Scope) -> Mapping[str, float]:
    """Numbers agreed for a month, summed over the dealers of a scope, by step (`lead` for leads)."""
    found = snapshot.query(
        """
        SELECT step, sum(target_cnt)::DOUBLE AS target
          FROM serving.srv_funnel_target JOIN serving.srv_dealer USING (dealer_id)
         WHERE month_on = $month AND target_cnt IS NOT NULL
           AND ($region IS NULL OR region_code = $region) AND ($dealer IS NULL OR dealer_id = $dealer)
         GROUP BY step
        """,
        {"month": month.replace(day=1), "region": scope.region, "dealer": scope.dealer},
    )
    return {row["step"]: row["target"] for row in found.to_pylist()}


def _number(rows: Sequence[Mapping[str, float | None]]) -> float | None:
    value = rows[0]["value_before"] if rows else None
    return None if value is None else float(value)
