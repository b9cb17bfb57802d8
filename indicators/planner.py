"""The planner: an indicator by dimensions over a period, as parameterised SQL on the published tables.

Pure: it reads the registry and opens no database. Whoever asks it and whoever runs the SQL, the number is the
same. The smallest table that covers the question is read, and each class of indicator is reduced in its own
way: sums are summed, a snapshot is the last one inside the period, people are counted anew in every cell,
ratios are made of operands that are each reduced by their own class, medians are read off histograms,
cohort rates leave out the cohorts whose window is not over, and what has no rows is null: no data is not 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from indicators import periods
from indicators.codes import POINTS, DerivedCode
from indicators.planning import behind, checks
from indicators.planning.coverage import coverage_sql, values_sql
from indicators.planning.drill import cell, down, finer, up, ways_down
from indicators.planning.query import Query
from indicators.planning.reach import Reach
from indicators.planning.request import RATIO, Coverage, Plan, PlanError, Request, Window, worded
from indicators.planning.statement import Statement, render
from indicators.planning.windows import Times, compared_spans, times
from indicators.registry import Registry

__all__ = [
    "Coverage",
    "Plan",
    "PlanError",
    "Request",
    "Window",
    "cell",
    "compared",
    "coverage_sql",
    "down",
    "finer",
    "people",
    "plan",
    "processes",
    "rows",
    "up",
    "values_sql",
    "ways_down",
    "where_values",
    "worded",
]


def plan(
    registry: Registry,
    request: Request,
    catalog: str = "",
    coverage: Mapping[str, Coverage] | None = None,
) -> Plan:
    """The request as SQL; `catalog` is the attached snapshot's name where it is not the current one.

    `coverage` gives the days for which each business process (`processes`) has data: with it, periods without
    data are refused and comparisons with periods that the data do not wholly hold are left out.
    Raises PlanError for an unknown code, dimension or value, a dimension that cannot be reached, dates that
    do not fit or have no data, and cohorts of which none is mature.
    """
    query, derived = _query(registry, request, catalog, coverage)
    statement = render(query, request.with_total)
    note = _note(registry, request, derived, query.times)
    planned = _planned(query, statement, _unit(registry, derived), note)
    return replace(planned, youngest=_reach(registry, request, derived, coverage).last_mature)


def people(
    registry: Registry,
    request: Request,
    catalog: str = "",
    coverage: Mapping[str, Coverage] | None = None,
    of: str | None = None,
) -> Plan:
    """The people behind a number, by their person numbers: one row each, from the published tables.

    `of` names one of the operands of a composite (its numerator, say); the first is taken without it.
    Raises PlanError where the published tables hold no people for it, and as `plan` does.
    """
    query = _behind(registry, request, catalog, coverage, of)
    return _planned(query, behind.people(query), "person", f"People behind {query.base}.")


def rows(
    registry: Registry,
    request: Request,
    of: str | None = None,
    coverage: Mapping[str, Coverage] | None = None,
) -> Plan:
    """The keys of the facts behind a number: SQL for the warehouse, no snapshot holds source records.

    They are the facts that count in the number: of cohorts those that are mature, of a snapshot the last one,
    of a median those with a value. Raises PlanError as `plan` does.
    """
    query = _behind(registry, request, "", coverage, of)
    note = f"Rows behind {query.base}: runs on the warehouse, the published tables hold no source record."
    return _planned(query, behind.rows(query), registry.unit(query.base), note)


def processes(registry: Registry, code: str) -> list[str]:
    """The business processes that a code reads, whose coverage `plan` wants to know. Raises PlanError."""
    derived = checks.resolved(registry, Request(code))
    return list(dict.fromkeys(registry.process_of[one].process for one in registry.operands(derived.base)))


def where_values(registry: Registry, request: Request) -> dict[str, list[Any]]:
    """The values of each filter, in the type of its dimension. Raises PlanError."""
    return {name: checks.values(registry, name, value) for name, value in request.where.items()}


def compared(
    registry: Registry,
    codes: Sequence[str],
    now: tuple[date, date],
    against: str | tuple[date, date],
    coverage: Mapping[str, Coverage] | None = None,
) -> tuple[Window, Window, tuple[str, ...]]:
    """The same days for several base codes: those asked for, those before, and what to say of them.

    Only days for which all of the codes have data are counted. Raises PlanError where there are none, and
    where the days before are not wholly in the data.
    """
    return compared_spans(codes[0], now, against, _reach_of(registry, codes[0], codes, coverage))


def _query(
    registry: Registry, request: Request, catalog: str, coverage: Mapping[str, Coverage] | None
) -> tuple[Query, DerivedCode]:
    derived = checks.resolved(registry, request)
    checks.check_dimensions(registry, request, derived)
    checks.check_modifiers(registry, request, derived)
    checks.check_dates(request)
    query = Query(
        registry=registry,
        base=derived.base,
        by=tuple(request.by),
        where=where_values(registry, request),
        modifiers=derived.modifiers,
        times=times(request, derived, _reach(registry, request, derived, coverage)),
        has_series=bool(request.grain),
        compare=derived.compare,
        catalog=f"{catalog}." if catalog else "",
        matures=registry.matures(derived.base),
    )
    return query, derived


def _behind(
    registry: Registry,
    request: Request,
    catalog: str,
    coverage: Mapping[str, Coverage] | None,
    of: str | None,
) -> Query:
    """The query for one operand of one number."""
    if request.by or request.grain:
        raise PlanError(
            "People and rows are listed behind one number: leave `by` and `grain` out, and name the cell by "
            "`where` and its days by `date_from` and `date_to`."
        )
    query, derived = _query(registry, request, catalog, coverage)
    if of is not None and of not in query.operands:
        raise PlanError(f"'{of}' is no operand of {derived.base}: choose one of {', '.join(query.operands)}.")
    return replace(query, base=of or query.operands[0])


def _planned(query: Query, statement: Statement, unit: str, note: str) -> Plan:
    return Plan(
        sql=statement.sql,
        params=statement.params,
        columns=statement.columns,
        unit=unit,
        note=note,
        base=query.base,
        modifiers=query.modifiers,
        tables=statement.tables,
        windows=query.times.windows,
    )


def _reach(
    registry: Registry, request: Request, derived: DerivedCode, coverage: Mapping[str, Coverage] | None
) -> Reach:
    """How far the data of every process that the request reads reach."""
    return _reach_of(registry, request.code, [derived.base], coverage)


def _reach_of(
    registry: Registry, name: str, bases: Sequence[str], coverage: Mapping[str, Coverage] | None
) -> Reach:
    """How far the data of every process that some base codes read reach; `name` is what was asked for."""
    operands = list(dict.fromkeys(code for base in bases for code in registry.operands(base)))
    read = list(dict.fromkeys(registry.process_of[code].process for code in operands))
    held = None
    if coverage is not None:
        empty = [one for one in read if one not in coverage]
        if empty:
            raise PlanError(f"'{name}' has no data: nothing was recorded of {', '.join(empty)}.")
        firsts = [_first(registry, code, coverage) for code in operands]
        held = Coverage(max(firsts), min(coverage[n].last for n in read))
    return Reach(
        coverage=held,
        matures=max((days for base in bases if (days := registry.matures(base))), default=None),
        is_snapshot=all(registry.snapshot(code) for code in operands),
        uses_days=any(registry.uses_days(base) for base in bases),
        is_joint=len(read) > 1,
        whole_months=any(registry.whole_months(base) for base in bases),
        rhythm=next((one for one in ("month", "week") if one in map(registry.snapshot, operands)), None),
    )


def _first(registry: Registry, code: str, coverage: Mapping[str, Coverage]) -> date:
    """The first day of an atomic code's data; what is booked at the end of a month is of the whole month."""
    first = coverage[registry.process_of[code].process].first
    return first.replace(day=1) if registry.whole_months(code) else first


def _unit(registry: Registry, derived: DerivedCode) -> str:
    """The unit of the value: a comparison is a ratio, or in points."""
    own = registry.unit(derived.base)
    if not derived.compare:
        return own
    if not derived.compare.endswith(POINTS):
        return RATIO
    return "pp" if own == RATIO else own


def _note(registry: Registry, request: Request, derived: DerivedCode, found: Times) -> str:
    notes = list(found.notes)
    windows = found.windows
    if derived.period and len({window.on for window in windows}) == 1:
        notes.insert(0, _period_note(derived, windows[0]))
    matures = registry.matures(derived.base)
    if matures:
        notes.append(
            f"Only cohorts whose {matures}-day window is over are counted; "
            "is_mature is false where younger ones were left out."
        )
    operands = registry.operands(derived.base)
    if any(registry.snapshot(code) for code in operands):
        notes.append("Of a snapshot, the last one inside the period counts.")
    if registry.additivity(derived.base) == "U":
        notes.append("Distinct people: values of parts do not add up to the whole.")
    asked = [registry.bases[derived.base], registry.named.get(request.code)]
    notes += [item.note for item in asked if item and item.note]
    return " ".join(notes)


def _period_note(derived: DerivedCode, counted: Window) -> str:
    """The whole period, and what of it is counted where that is less."""
    first, last = periods.window(derived.period, counted.on)
    said = f"{first} to {last}: {periods.describe(derived.period)}."
    if (counted.first, counted.last) == (first, last):
        return said
    return f"{said} Of these days, {counted.first} to {counted.last} are counted."
