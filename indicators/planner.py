"""The planner: an indicator by dimensions over a period, as parameterised SQL on the published cubes.

Pure: it reads the registry and opens no database. Whoever asks it and whoever runs the SQL, the number is the
same. Ratios are sums over sums, distinct people are counted from the person tables, cohort rates leave out
the cohorts whose window is not over, and what has no rows is null: no data is not zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from indicators import periods
from indicators.codes import POINTS, DerivedCode
from indicators.dictionary import reachable, unit_of
from indicators.lookup import UnknownCode, resolve
from indicators.plan_sql import GRAINS, Query, Window, render
from indicators.registry import Registry

MAX_STATISTICAL_DATES = 1_100  # three years of days


class PlanError(ValueError):
    """The request has no right answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class Request:
    """What somebody wants to know.

    `by` and the keys of `where` are names of dimensions; a `where` value may be a list, and None asks for
    rows where the dimension is not known. An atomic or composite code is counted from `date_from` to
    `date_to` (both inclusive, open where None), cut by `grain`. A derived code carries its own period, which
    ends on `date_to`, or on every `grain`'s last day from `date_from` on; `as_of`, the latest day of the
    data, stands for a missing `date_to`. Which cohorts are mature is not asked: the snapshot's `srv_as_of`
    decides, for every reader alike.
    """

    code: str
    by: Sequence[str] = ()
    date_from: date | None = None
    date_to: date | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    grain: str | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Plan:
    """A query ready to run: SQL with named parameters, its columns in order, the unit of `value`, a remark.

    `columns`: `period` (with a grain), the dimensions by their names, `value`, the operands that it was
    computed from, and for a cohort indicator `is_mature` (false where younger cohorts were left out).
    """

    sql: str
    params: dict[str, Any]
    columns: tuple[str, ...]
    unit: str
    note: str


def plan(registry: Registry, request: Request, catalog: str = "") -> Plan:
    """The request as SQL; `catalog` is the attached snapshot's name where it is not the current one.

    Raises PlanError for an unknown code or dimension, one that cannot be reached, and dates that do not fit.
    """
    derived = _resolve(registry, request.code)
    _check_dimensions(registry, request, derived)
    _check_modifiers(registry, derived)
    windows = _windows(request, derived)
    query = Query(
        registry=registry,
        base=derived.base,
        by=tuple(request.by),
        where=dict(request.where),
        modifiers=derived.modifiers,
        grain=request.grain if not derived.period else None,
        date_from=request.date_from,
        date_to=request.date_to,
        windows=windows,
        has_series=bool(request.grain),
        compare=derived.compare,
        catalog=f"{catalog}." if catalog else "",
    )
    sql, params, columns = render(query)
    points = (derived.compare or "").endswith(POINTS)
    unit = "pp" if points else "ratio" if derived.compare else unit_of(registry, derived.base)
    return Plan(sql, params, columns, unit, _note(registry, derived, windows))


def _resolve(registry: Registry, code: str) -> DerivedCode:
    try:
        return resolve(registry, code)
    except UnknownCode as error:
        raise PlanError(str(error)) from error


def _check_dimensions(registry: Registry, request: Request, derived: DerivedCode) -> None:
    known = registry.standard.dimensions
    possible = reachable(registry, derived.base)
    for name in [*request.by, *request.where]:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, cutoff=0.5)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            raise PlanError(f"There is no dimension '{name}'.{meant} Dimensions: {', '.join(known)}.")
        if name not in possible:
            ways = ", ".join(possible) or "none"
            raise PlanError(f"'{derived.base}' cannot be cut by '{name}'. It can be cut by: {ways}.")
    if len(set(request.by)) < len(request.by):
        raise PlanError("A dimension stands twice in 'by': name it once.")


def _check_modifiers(registry: Registry, derived: DerivedCode) -> None:
    processes = {registry.process_of[code].process for code in registry.operands(derived.base)}
    for name in derived.modifiers:
        missing = processes - registry.modifiers[name]
        if missing:
            raise PlanError(
                f"'{name}' is not defined for {', '.join(sorted(missing))}, which the code needs."
            )


def _windows(request: Request, derived: DerivedCode) -> tuple[Window, ...]:
    """The days of each statistical date, and of the one it is compared with; none for a plain code."""
    if request.grain is not None and request.grain not in GRAINS:
        raise PlanError(f"There is no grain '{request.grain}': choose one of {', '.join(GRAINS)}.")
    if request.date_from and request.date_to and request.date_from > request.date_to:
        raise PlanError(f"The period ends before it begins: {request.date_from} to {request.date_to}.")
    if not derived.period:
        return ()
    windows = []
    for on in _statistical_dates(request, derived):
        windows.append(Window(on, "now", *periods.window(derived.period, on)))
        if derived.compare:
            before = periods.earlier(derived.compare.removesuffix(POINTS), on)
            windows.append(Window(on, "before", *periods.window(derived.period, before)))
    return tuple(windows)


def _statistical_dates(request: Request, derived: DerivedCode) -> list[date]:
    last = request.date_to or request.as_of
    if last is None:
        raise PlanError(
            f"'{request.code}' needs a statistical date: give date_to, or as_of for the latest day."
        )
    if request.grain is None:
        if request.date_from is not None:
            raise PlanError(
                f"'{request.code}' has its own period ({periods.describe(derived.period)}): "
                "give only date_to, or a grain for a series from date_from on."
            )
        return [last]
    if request.date_from is None:
        raise PlanError("A series needs date_from, the first statistical date.")
    dates = periods.series(request.grain, request.date_from, last)
    if len(dates) > MAX_STATISTICAL_DATES:
        raise PlanError(
            f"{len(dates):,} statistical dates are too many (at most {MAX_STATISTICAL_DATES:,}): "
            "take a coarser grain or a shorter period."
        )
    return dates


def _note(registry: Registry, derived: DerivedCode, windows: tuple[Window, ...]) -> str:
    notes = []
    if len({window.on for window in windows}) == 1:
        notes.append(f"{windows[0].first} to {windows[0].last}: {periods.describe(derived.period)}.")
    matures = registry.matures(derived.base)
    if matures:
        notes.append(
            f"Only cohorts whose {matures}-day window is over are counted; "
            "is_mature is false where younger ones were left out."
        )
    if registry.additivity(derived.base) == "U":
        notes.append("Distinct people: values of parts do not add up to the whole.")
    return " ".join(notes)
