"""What moved an indicator between two periods: the driver tree of `indicators`, filled from the snapshot."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from indicators import periods
from indicators.decomposition import Decomposition, decompose
from indicators.drivers import DriverError, Tree, dimensions, tree
from indicators.planner import Request
from indicators.registry import Registry
from serving.errors import QueryFailed
from serving.query import ask
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
    """

    tree: Tree
    now: Span
    before: Span
    whole: Decomposition
    by: str | None
    parts: tuple[Part, ...] = field(default_factory=tuple)


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
    Raises QueryFailed where there is no tree, a dimension does not reach all of it, or a period has no data.
    """
    before = against if isinstance(against, Span) else Span(*_shifted(now, against))
    try:
        found = tree(registry, code)
    except DriverError as error:
        raise QueryFailed(str(error)) from error
    _check(registry, found, by, where or {})
    cells = {span: _cells(snapshot, registry, found, span, by, where or {}) for span in (now, before)}
    try:
        whole = decompose(found.factors, cells[before][_WHOLE], cells[now][_WHOLE], code)
        parts = _parts(found, cells[before], cells[now], whole) if by else ()
    except ValueError as error:
        raise QueryFailed(f"The change of '{code}': {error}.") from error
    return Moved(found, now, before, whole, by, parts)


_WHOLE = ("whole",)


def _shifted(now: Span, against: str) -> tuple[date, date]:
    if against not in ("previous", *periods.COMPARE_WORDS):
        raise QueryFailed(
            f"There is no period '{against}': previous, {', '.join(periods.COMPARE_WORDS)}, or two dates."
        )
    return periods.shifted(now.first, now.last, against)


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
) -> _Cells:
    """The tree's indicators for the whole and for each part that has a row."""
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
        for row in ask(snapshot, registry, request).rows():
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
