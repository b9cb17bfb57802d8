"""The days that a window is compared with, as far as the data hold both.

A window that the data do not hold to its end is set against the same part of the earlier one; an earlier
window that begins before the data do is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from indicators import periods
from indicators.codes import POINTS, DerivedCode
from indicators.planning.reach import Reach
from indicators.planning.request import PREVIOUS, Window


def compared(
    asked: Iterable[Window], derived: DerivedCode, reach: Reach, grain: str | None = None
) -> tuple[list[Window], list[str]]:
    """Each window with the one that it is compared with, where the data hold it; and what to say of it.

    `grain` is what a plain code's days are cut by: weeks are compared with weeks.
    """
    found, remarks = [], []
    for window in asked:
        now, remark = cut_to_data(window, reach)
        remarks += [remark] if remark else []
        first, last = _earlier(window, now.last, derived, in_weeks=grain == "week")
        found.append(now)
        begins = last if reach.is_snapshot else first
        if reach.coverage and begins < reach.coverage.first and derived.period != "td":
            remarks.append(
                f"No earlier value where the earlier period ({first} to {last}) is not wholly in the data, "
                f"which begin on {reach.coverage.first}."
            )
            continue
        found.append(Window(window.on, "before", first, last))
        if not derived.period and not grain:
            remarks += _unequal(now, first, last)
    distinct = list(dict.fromkeys(remarks))
    return found, distinct if len(distinct) == 1 else distinct[:2]


def cut_to_data(window: Window, reach: Reach) -> tuple[Window, str | None]:
    """The window's days up to the last one that counts, and what to say where that is not its own."""
    if not reach.last or not window.first <= reach.last < window.last:
        return window, None
    word = "mature cohorts" if reach.last_mature else "data"
    remark = f"The {word} end on {reach.last}: the same part of both periods is compared."
    return Window(window.on, "now", window.first, reach.last), remark


def _earlier(window: Window, cut: date, derived: DerivedCode, in_weeks: bool) -> tuple[date, date]:
    """The period before for `window`, of which only the days up to `cut` count."""
    compare = (derived.compare or "").removesuffix(POINTS)
    if not derived.period:
        if compare == PREVIOUS:
            first, _ = periods.shifted(window.first, window.last, compare)
            return first, first + (cut - window.first)
        return periods.shifted(window.first, cut, compare, in_weeks)
    first, last = periods.compared(derived.period, compare, window.on)
    if cut == window.last or derived.period == "td":
        return first, last
    if periods.is_rolling(derived.period):
        return first, first + (cut - window.first)
    return periods.shifted(window.first, cut, compare, in_weeks="w" in derived.period)


def _unequal(now: Window, first: date, last: date) -> list[str]:
    """That more days are set against fewer, where months differ in length and neither is meant whole."""
    here, there = (now.last - now.first).days + 1, (last - first).days + 1
    if here == there or (now.first.day == 1 and (now.last + timedelta(days=1)).day == 1):
        return []
    return [f"{_days(here)} are compared with {_days(there)} ({first} to {last}): months differ in length."]


def _days(count: int) -> str:
    return f"{count} day{'s' if count > 1 else ''}"
