"""Which days are counted: the windows of a request, and those that they are compared with.

With the days that the data cover, no comparison is made with a part of a period for which there are no data:
a period that is not over is set against the same part of the other one, and an earlier period that begins
before the data do is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from indicators import periods
from indicators.codes import DerivedCode
from indicators.planning.earlier import compared, cut_to_data
from indicators.planning.reach import Reach
from indicators.planning.request import PlanError, Request, Window
from indicators.planning.whole import check_snapshots, check_whole, in_whole_months

MAX_STATISTICAL_DATES = 1_100  # three years of days


@dataclass(frozen=True)
class Times:
    """The time of a query: `windows`, or where there are none every day from `first` to `last` (either may be
    open), cut by `grain`. `immature` are the statistical dates whose windows were cut to the mature cohorts.
    """

    windows: tuple[Window, ...]
    first: date | None = None
    last: date | None = None
    grain: str | None = None
    notes: tuple[str, ...] = ()
    immature: frozenset[date] = frozenset()


def times(request: Request, derived: DerivedCode, reach: Reach) -> Times:
    """The days that the request counts. Raises PlanError where they are none, too many, or not covered."""
    plain = not derived.period
    reach = in_whole_months(request, derived, reach)
    if plain and not derived.compare and not reach.uses_days:
        notes = _check_covered(request, request.date_from, request.date_to, reach)
        # an open end is that of the days for which all that is read has data: the parts of a formula agree
        first = request.date_from or (reach.coverage.first if reach.coverage else None)
        last = request.date_to or (reach.coverage.last if reach.coverage else None)
        if reach.is_joint and reach.coverage and first and last:
            first, last = max(first, reach.coverage.first), min(last, reach.coverage.last)
        if first and last:
            check_snapshots(request.code, [Window(first, "now", first, last)], reach, is_series=False)
        return Times((), first, last, request.grain, (*notes, *_parts_said(request)))
    asked = _ranges(request, reach) if plain else _periods(request, derived, reach)
    notes = _check_covered(request, min(w.first for w in asked), max(w.last for w in asked), reach)
    notes += _parts_said(request) if plain else ()
    is_series = request.grain is not None
    check_snapshots(request.code, asked, reach, is_series)
    if not derived.compare:
        return Times(_counted(request, derived, asked, reach), notes=notes)
    found, remarks = compared(asked, derived, reach, request.grain)
    notes = tuple(note for note in notes if not any(one.startswith(note[:-1]) for one in remarks))
    check_snapshots(request.code, found, reach, is_series)
    immature = frozenset(w.on for w in asked if reach.last_mature and w != cut_to_data(w, reach)[0])
    counted = _counted(request, derived, found, reach)
    said = " ".join(remarks)  # more than a note alone, of the same day
    notes = tuple(note for note in notes if note.removesuffix(".") not in said)
    return Times(counted, notes=(*notes, *remarks), immature=immature)


def _counted(
    request: Request, derived: DerivedCode, windows: Sequence[Window], reach: Reach
) -> tuple[Window, ...]:
    """The days of windows that count; only now, for what is compared is found from the whole windows.

    Of a mean of days, those that have data. Of a formula over several processes, those for which all of them
    have data: its parts count the same days, and a window without such days is none.
    """
    if not reach.is_joint or not reach.coverage:
        trims = reach.uses_days and derived.period != "td"
        return tuple(_within_data(window, reach) for window in windows) if trims else tuple(windows)
    begin, end = reach.coverage.first, reach.coverage.last
    held = [w for w in windows if w.first <= end and w.last >= begin]
    if not any(window.slot == "now" for window in held):
        raise PlanError(f"'{request.code}' has data from {begin} to {end}: none for the days that count.")
    return tuple(_within_data(window, reach) for window in held)


def compared_spans(
    name: str, now: tuple[date, date], against: str | tuple[date, date], reach: Reach
) -> tuple[Window, Window, tuple[str, ...]]:
    """The days `now` and those that they are set against, and what to say of them; `against` is a comparison
    or the other days.

    Where `now` goes on after the data, the same part of both counts. Raises PlanError where no day of `now`
    has data, and where the earlier days are not wholly in them.
    """
    asked = Window(now[0], "now", *now)
    reach = in_whole_months(Request(name, date_from=now[0], date_to=now[1]), DerivedCode(name, ""), reach)
    _check_covered(Request(name, date_from=asked.first, date_to=asked.last), *now, reach)
    if isinstance(against, str):
        before = periods.shifted(*now, against)
        found, remarks = compared([asked], DerivedCode(name, "", compare=against), reach)
        if len(found) < 2:
            raise _not_wholly_covered(name, *before, reach)
        return found[0], found[1], tuple(remarks)
    cut, remark = cut_to_data(asked, reach)
    first, last = against
    if reach.whole_months:
        check_whole(name, first, last, reach.coverage)
    if cut.last < asked.last:
        last = min(last, first + (cut.last - cut.first))
    for one_first, one_last in ((first, last), (cut.first, cut.last)):
        begins = one_last if reach.is_snapshot else one_first
        if reach.coverage and reach.last and (begins < reach.coverage.first or one_last > reach.last):
            raise _not_wholly_covered(name, one_first, one_last, reach)
    return cut, Window(asked.on, "before", first, last), (remark,) if remark else ()


def _not_wholly_covered(name: str, first: date, last: date, reach: Reach) -> PlanError:
    held = reach.coverage
    if held is None:
        return PlanError(f"'{name}' cannot be compared with {first} to {last}.")
    mature = f", of mature cohorts to {reach.last_mature}" if reach.last_mature else ""
    return PlanError(
        f"'{name}' has data from {held.first} to {held.last}{mature}, for all that is read: "
        f"{first} to {last} is not wholly in it, and a part of it is not compared."
    )


def _periods(request: Request, derived: DerivedCode, reach: Reach) -> list[Window]:
    """A derived code's own period for each statistical date."""
    return [
        Window(on, "now", *periods.window(derived.period, on))
        for on in _statistical_dates(request, derived, reach)
    ]


def _statistical_dates(request: Request, derived: DerivedCode, reach: Reach) -> list[date]:
    known = reach.coverage.last if reach.coverage else None
    last = request.date_to or reach.last or request.as_of
    if last is None:
        raise PlanError(
            f"'{request.code}' needs a statistical date: give `date_to`, or `as_of` for the latest day."
        )
    if known and last > known and not (request.grain and request.date_from and request.date_from <= known):
        raise PlanError(f"The data of '{request.code}' end on {known}: {last} has no value yet.")
    if request.grain is None:
        if request.date_from is not None:
            raise PlanError(
                f"'{request.code}' has its own period ({periods.describe(derived.period)}): "
                "give only `date_to`, or `grain` for a series from `date_from` on."
            )
        return [last]
    if request.date_from is None:
        raise PlanError("A series needs `date_from`, the first statistical date.")
    return _not_too_many(periods.series(request.grain, request.date_from, min(last, known or last)))


def _not_too_many(dates: list[date]) -> list[date]:
    if len(dates) > MAX_STATISTICAL_DATES:
        raise PlanError(
            f"{len(dates):,} statistical dates are too many (at most {MAX_STATISTICAL_DATES:,}): "
            "take a coarser grain or a shorter period."
        )
    return dates


def _ranges(request: Request, reach: Reach) -> list[Window]:
    """A plain code's days, cut by the grain; `on` is the first day of each part."""
    first = request.date_from or (reach.coverage.first if reach.uses_days and reach.coverage else None)
    last = request.date_to or request.as_of or (reach.coverage.last if reach.coverage else None)
    if first is None or last is None:
        missing = "date_from" if first is None else "date_to"
        raise PlanError(f"'{request.code}' needs a period with both ends here: give `{missing}`.")
    if first > last:
        raise PlanError(f"The period ends before it begins: {first} to {last}.")
    if request.grain is None:
        return [Window(first, "now", first, last)]
    ends = _not_too_many(periods.series(request.grain, first, last))
    starts = [first, *(end + timedelta(days=1) for end in ends[:-1])]
    return [
        Window(periods.part(request.grain, start)[0], "now", start, end)
        for start, end in zip(starts, ends, strict=True)
    ]


def _parts_said(request: Request) -> tuple[str, ...]:
    """That the first or the last week, month ... of a series is asked for in part only."""
    grain, first, last = request.grain, request.date_from, request.date_to
    said = []
    if grain and first and first != periods.part(grain, first)[0]:
        said.append(f"The first {grain} is counted from {first} on.")
    if grain and last and last != periods.part(grain, last)[1]:
        said.append(f"The last {grain} is counted to {last}.")
    return tuple(said)


def _within_data(window: Window, reach: Reach) -> Window:
    """Days without data are not days of a mean of days."""
    if reach.coverage is None:
        return window
    first, last = max(window.first, reach.coverage.first), min(window.last, reach.coverage.last)
    return Window(window.on, window.slot, first, last) if first <= last else window


def _check_covered(request: Request, first: date | None, last: date | None, reach: Reach) -> tuple[str, ...]:
    """Remarks on days without data. Raises PlanError where no day of the period has any."""
    held = reach.coverage
    if held is None:
        return ()
    if reach.last_mature and reach.last_mature < held.first:
        raise PlanError(
            f"No cohort of '{request.code}' is mature yet: its window is {reach.matures} days and the data "
            f"go from {held.first} to {held.last}. "
            f"Ask again when the data reach {held.first + timedelta(days=(reach.matures or 0) + 1)}."
        )
    if (last and last < held.first) or (first and first > held.last):
        raise PlanError(
            f"'{request.code}' has data from {held.first} to {held.last}: "
            f"none for {first or 'the beginning'} to {last or 'the end'}."
        )
    if reach.last_mature and not request.grain and (first or held.first) > reach.last_mature:
        raise PlanError(
            f"No cohort of '{request.code}' from {first or held.first} on is mature: "
            f"its window is {reach.matures} days "
            f"and the data end on {held.last}. The youngest mature cohort is of {reach.last_mature}: "
            + (
                "ask for a period that begins on that day or before."
                if first == request.date_from
                else "give that day or an earlier one as `date_to`, or none."
            )
        )
    remarks = []
    if reach.is_joint and first and first < held.first:
        remarks.append(
            f"All that the formula reads has data from {held.first} on: earlier days are not counted."
        )
    elif first and first < held.first and first != periods.BEGINNING:
        remarks.append(f"The data begin on {held.first}: earlier days are not in it.")
    if last and last > held.last:
        remarks.append(
            f"All that the formula reads has data to {held.last}: later days are not counted."
            if reach.is_joint
            else f"The data end on {held.last}."
        )
    return tuple(remarks)
