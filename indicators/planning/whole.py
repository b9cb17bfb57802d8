"""Indicators that cannot be asked for any days: those of whole months, and snapshots of each month or week.

A request for a part of a month is refused with the months to ask for. Open ends are those of the whole months
in the data. A period without a snapshot is refused with the dates of those around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from indicators import periods
from indicators.codes import POINTS, DerivedCode
from indicators.fitting import WHOLE_COMPARES, WHOLE_MONTHS
from indicators.planning.reach import Reach
from indicators.planning.request import Coverage, PlanError, Request, Window

_DAY = timedelta(days=1)


def in_whole_months(request: Request, derived: DerivedCode, reach: Reach) -> Reach:
    """How far the data reach in whole months, where the indicator asks for them; else as it is.

    Raises PlanError where the request's days, period, grain or comparison are not made of whole months.
    """
    if not reach.whole_months:
        return reach
    compare = (derived.compare or "").removesuffix(POINTS)
    if derived.period and derived.period not in WHOLE_MONTHS:
        raise _only(request.code, f"'{derived.period}' is none. Take {_either(WHOLE_MONTHS)}.")
    if compare and compare not in WHOLE_COMPARES:
        raise _only(request.code, f"compare it by {_either(WHOLE_COMPARES)}, not by {compare}.")
    if derived.period:
        return reach
    if request.grain in ("day", "week"):
        raise _only(request.code, f"a {request.grain} has no value. Ask by month, quarter or year.")
    held = _whole(request.code, reach.coverage)
    check_whole(request.code, request.date_from, request.date_to, held)
    return replace(reach, coverage=held)


def check_whole(code: str, first: date | None, last: date | None, held: Coverage | None) -> None:
    """Raises PlanError where an end that was asked for is not one of a month; `held` are whole months."""
    if (first is None or first.day == 1) and (last is None or last == _end(last)):
        return
    asked = f"{first or 'the beginning'} to {last or 'the end'}"
    begin, end = first and first.replace(day=1), last and _end(last)
    if held:
        begin = min(max(begin or held.first, held.first), _end(held.last).replace(day=1))
        end = max(min(end or held.last, held.last), _end(begin))
    raise _only(
        code, f"{asked} is not made of them. Ask for {begin or 'the beginning'} to {end or 'the end'}."
    )


def check_snapshots(code: str, windows: Iterable[Window], reach: Reach, is_series: bool) -> None:
    """Raises PlanError where no snapshot lies in the windows, or in one of a comparison's two."""
    every = list(windows)
    if reach.rhythm is None or (is_series and any(_holds(window, reach) for window in every)):
        return
    for window in every:
        if not _holds(window, reach):
            end = f"each {reach.rhythm}'s end"
            compare = " Compare by mom, qoq or yoy." if window.slot == "before" else _around(window, reach)
            raise PlanError(
                f"'{code}' is taken at {end}: none lies in {window.first} to {window.last}.{compare}"
            )


def _holds(window: Window, reach: Reach) -> bool:
    last = min(window.last, reach.coverage.last) if reach.coverage else window.last
    return periods.part(reach.rhythm or "day", window.first)[1] <= last


def _around(window: Window, reach: Reach) -> str:
    """The snapshots before and after a window, as far as the data have them."""
    first, last = periods.part(reach.rhythm or "day", window.first)
    dates = [first - _DAY, last]
    if reach.coverage:
        newest = periods.part(reach.rhythm or "day", reach.coverage.last + _DAY)[0] - _DAY
        dates = list(dict.fromkeys(min(one, newest) for one in dates))
        dates = [one for one in dates if one >= reach.coverage.first]
    return f" Ask for days that hold {_either([str(one) for one in dates])}." if dates else ""


def _whole(code: str, held: Coverage | None) -> Coverage | None:
    if held is None:
        return None
    first = held.first if held.first.day == 1 else _end(held.first) + _DAY
    last = held.last if held.last == _end(held.last) else held.last.replace(day=1) - _DAY
    if first > last:
        raise PlanError(
            f"'{code}' means something over whole months only, and its data ({held.first} to {held.last}) "
            f"hold none yet: ask again when {_end(first)} is over."
        )
    return Coverage(first, last)


def _end(on: date) -> date:
    return periods.part("month", on)[1]


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _only(code: str, what: str) -> PlanError:
    return PlanError(f"'{code}' means something over whole months only: {what}")
