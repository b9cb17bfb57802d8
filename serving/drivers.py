"""What moved an indicator between two periods: the driver tree of `indicators`, filled from the snapshot."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from indicators import periods, planner
from indicators.decomposition import Decomposition, decompose
from indicators.drivers import DriverError, Tree, dimensions, tree
from indicators.planner import Coverage, PlanError, Request, Window
from indicators.registry import Registry
from serving.errors import QueryFailed
from serving.query import ask, coverage
from serving.store import Snapshot

_Cells = dict[Any, dict[str, float | None]]


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True)
class Part:
    """One dealer, region ... of the whole: `share` of the whole's change (None where that did not change)."""

    value: str | None
    moved: Decomposition
    share: float | None


@dataclass(frozen=True)
class Moved:
    """The change of an indicator from `before` to `now`: the whole; its parts, greatest first.

    The parts' changes sum to that of the whole. Their effects do not: that dealers with other rates grew is
    an effect of the whole's rates, and of no dealer's.

    `now` and `before` are the days that are compared: where the data end earlier than was asked, the same
    part of both, and `notes` say so; they also name values of a filter that nothing has. `warnings` are what
    a reader must know of the tree's indicators.
    """

    tree: Tree
    now: Span
    before: Span
    whole: Decomposition
    by: str | None
    parts: tuple[Part, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def what_moved(
    snapshot: Snapshot,
    registry: Registry,
    code: str,
    now: Span,
    against: Span | str = "previous",
    *,
    by: str | None = None,
    where: Mapping[str, Any] | None = None,
) -> Moved:
    """Take the change of an indicator apart by its driver tree.

    `against` is the other period, or how it is found: previous (as many days right before), mom, qoq, yoy.
    Only days for which the whole tree has data are compared. Raises QueryFailed where there is no tree, a
    dimension does not reach all of it, a period has no data, the earlier one is not wholly in the data, or
    nothing has what `where` asks for.
    """
    try:
        found = tree(registry, code)
    except DriverError as error:
        raise QueryFailed(str(error)) from error
    _check(registry, found, by, where or {})
    now, before, notes = _spans(snapshot, registry, found, now, against)
    warnings: dict[str, None] = {}
    unknown: dict[str, str] = {}
    cells = {
        span: _cells(snapshot, registry, found, span, by, where or {}, warnings, unknown)
        for span in (now, before)
    }
    try:
        whole = decompose(found.factors, cells[before][_WHOLE], cells[now][_WHOLE], code)
        parts = _parts(found, cells[before], cells[now], whole) if by else ()
    except ValueError as error:
        raise QueryFailed(f"The change of '{code}': {error}.") from error
    if whole.change is None and unknown:
        raise QueryFailed(f"No data: {' '.join(unknown.values())}")
    return Moved(found, now, before, whole, by, parts, (*notes, *unknown.values()), tuple(warnings))


_WHOLE = ("whole",)


def _spans(
    snapshot: Snapshot, registry: Registry, found: Tree, now: Span, against: Span | str
) -> tuple[Span, Span, tuple[str, ...]]:
    """The days that are compared, the same for every indicator of the tree, and what to say of them."""
    if isinstance(against, str) and against not in ("previous", *periods.COMPARE_WORDS):
        raise QueryFailed(
            f"There is no period '{against}': previous, {', '.join(periods.COMPARE_WORDS)}, or two dates."
        )
    held: dict[str, Coverage] = {}
    for code in found.codes:
        held |= coverage(snapshot, registry, code)
    other = against if isinstance(against, str) else (against.first, against.last)
    try:
        one, before, notes = planner.compared(registry, found.codes, (now.first, now.last), other, held)
    except PlanError as error:
        raise QueryFailed(str(error)) from error
    return _span(one), _span(before), notes


def _span(window: Window) -> Span:
    return Span(window.first, window.last)


def _check(registry: Registry, found: Tree, by: str | None, where: Mapping[str, Any]) -> None:
    possible = dimensions(registry, found)
    for name in [*([by] if by else []), *where]:
        if name not in possible:
            raise QueryFailed(
                f"The driver tree of '{found.code}' cannot be cut by '{name}'. It can be cut by: "
                f"{', '.join(possible) or 'none'}."
            )


def _cells(
    snapshot: Snapshot,
    registry: Registry,
    found: Tree,
    span: Span,
    by: str | None,
    where: Mapping[str, Any],
    warnings: dict[str, None],
    unknown: dict[str, str],
) -> _Cells:
    """The tree's indicators for the whole and for each part with a row; adds to `warnings` and `unknown`."""
    cells: _Cells = {_WHOLE: {}}
    for code in found.codes:
        request = Request(
            code,
            by=(by,) if by else (),
            date_from=span.first,
            date_to=span.last,
            where=where,
            with_total=True,
        )
        answer = ask(snapshot, registry, request)
        warnings |= dict.fromkeys(answer.warnings)
        for said in answer.unknown:  # each value once, although every code of the tree knows others
            unknown.setdefault(said.partition(" (")[0], said)
        for row in answer.rows():
            key = _WHOLE if not by or row["is_total"] else row[by]
            cells.setdefault(key, {})[code] = row["value"]
    return cells


def _parts(found: Tree, before: _Cells, now: _Cells, whole: Decomposition) -> tuple[Part, ...]:
    parts = []
    for key in sorted({*before, *now} - {_WHOLE}, key=str):
        moved = decompose(found.factors, _part(before, key), _part(now, key), found.code)
        share = moved.change / whole.change if moved.change is not None and whole.change else None
        parts.append(Part(key, moved, share))
    return tuple(sorted(parts, key=lambda part: -abs(part.moved.change or 0)))


def _part(cells: _Cells, key: Any) -> dict[str, float | None]:
    """A part's values: 0 of what has no row for it, where the whole has some; else no data."""
    whole = cells[_WHOLE]
    return {**{code: None if value is None else 0 for code, value in whole.items()}, **cells.get(key, {})}


def most(moved: Moved) -> Part | None:
    """The part that contributed most to the change: the greatest change in its direction."""
    change = moved.whole.change
    if not change:
        return None
    same = [one for one in moved.parts if math.copysign(1, one.moved.change or 0) == math.copysign(1, change)]
    return max(same, key=lambda part: abs(part.moved.change or 0), default=None)
