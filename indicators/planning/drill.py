"""Down and up from a number: the next dimensions, the request for one cell, the request for the whole.

down(registry, request, row, "dealer")   the row's own number, dealer by dealer
up(request, "dealer")                    the same question without dealers
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from indicators import periods
from indicators.planning.checks import resolved
from indicators.planning.query import PERIOD
from indicators.planning.request import GRAINS, PlanError, Request
from indicators.registry import Registry


def ways_down(registry: Registry, request: Request) -> list[str]:
    """The dimensions by which the answer can still be cut: reachable, and not yet cut or filtered by."""
    base = resolved(registry, request).base
    taken = {*request.by, *request.where}
    return [name for name in registry.reachable(base) if name not in taken]


def cell(registry: Registry, request: Request, row: Mapping[str, Any]) -> Request:
    """The request for one row of the answer alone: its dimensions become filters, its period the dates."""
    missing = [name for name in request.by if name not in row]
    if missing:
        raise PlanError(f"The row has no {', '.join(missing)}: give a row of the answer to this request.")
    where = {**request.where, **{name: row[name] for name in request.by}}
    alone = replace(request, by=(), where=where, with_total=False)
    if request.grain is None:
        return alone
    period: date = row[PERIOD]
    if resolved(registry, request).period:  # the statistical date, which the code's own period ends on
        return replace(alone, grain=None, date_from=None, date_to=period)
    first, last = periods.part(request.grain, period)
    first, last = max(first, request.date_from or first), min(last, request.date_to or last)
    return replace(alone, grain=None, date_from=first, date_to=last)


def down(registry: Registry, request: Request, row: Mapping[str, Any], into: str) -> Request:
    """One row of the answer, cut by another dimension."""
    return replace(cell(registry, request, row), by=(into,))


def finer(registry: Registry, request: Request, row: Mapping[str, Any]) -> Request:
    """One part of a plain code's series, cut by the next finer grain. Raises PlanError below the day."""
    if request.grain is None or request.grain == GRAINS[0] or resolved(registry, request).period:
        raise PlanError("Only the parts of a plain code's series, longer than a day, have finer ones.")
    return replace(cell(registry, request, row), grain=GRAINS[GRAINS.index(request.grain) - 1])


def up(request: Request, name: str) -> Request:
    """The same question without a dimension that it is cut by."""
    if name not in request.by:
        raise PlanError(f"The answer is not cut by '{name}'.")
    return replace(request, by=tuple(one for one in request.by if one != name))
