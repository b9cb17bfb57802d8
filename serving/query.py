"""One indicator by dimensions over a period, from the published snapshot: what `forecourt query`, the
dashboards and later the API ask.

The planner of `indicators` writes the SQL; nothing here knows how an indicator is computed. A reader of
single dealers or regions asks for those only: the planner then takes tables that are cut by them, and the
secure views hold whatever was asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa

from indicators import planner
from indicators.lookup import UnknownCode, resolve
from indicators.planner import Coverage, Plan, PlanError, Request
from indicators.registry import Registry
from serving.access import EVERYTHING
from serving.definitions import not_built
from serving.dictionary import warnings_for
from serving.errors import OutOfScope, QueryFailed
from serving.store import OpenVersion, Snapshot, Store

_covered: WeakKeyDictionary[OpenVersion, dict[str, Coverage | None]] = WeakKeyDictionary()


@dataclass(frozen=True)
class QueryResult:
    """The answer: `table` has the plan's columns (period, dimensions, `value`, operands), `version` its
    snapshot. `reason` says why there is no value, where there is none; `warnings` what a reader must know of
    the indicator (a draft, a successor, a quality gate that failed, a definition that is not built yet).
    `unknown` names the values of filters that nothing has.
    """

    table: pa.Table
    unit: str
    note: str
    version: int
    plan: Plan
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def rows(self) -> list[dict[str, Any]]:
        """The table as one dictionary for each row."""
        return self.table.to_pylist()


def query_indicator(store: Store, registry: Registry, request: Request) -> QueryResult:
    """Answer `request` from the current snapshot.

    Raises QueryFailed for a question that has no right answer, with the planner's words, and Withheld for an
    indicator whose numbers may not be shown; NoSnapshot and SnapshotBroken as the store does.
    """
    return ask(store.snapshot(), registry, request)


def ask(snapshot: Snapshot, registry: Registry, request: Request) -> QueryResult:
    """Answer `request` from one version of the snapshot, within what its reader may see. See query_indicator.

    Raises OutOfScope where the reader sees single dealers or regions and the code is not counted by them.
    """
    request = _within(snapshot, registry, request)
    covered = coverage(snapshot, registry, request.code)
    result = _answer(snapshot, registry, request, lambda: planner.plan(registry, request, coverage=covered))
    has_value = result.table.num_rows > result.table.column("value").null_count
    unknown = _unknown(snapshot, registry, request, result.plan, has_value)
    result = replace(result, unknown=tuple(unknown))
    if not has_value:
        return replace(result, reason=_reason(result.table, result.plan, unknown))
    return replace(result, note=_joined(result.note, unknown))


def people_behind(
    snapshot: Snapshot, registry: Registry, request: Request, of: str | None = None
) -> QueryResult:
    """The people behind one number, by their person numbers. Raises QueryFailed where none are published."""
    request = _within(snapshot, registry, request)
    covered = coverage(snapshot, registry, request.code)
    result = _answer(
        snapshot, registry, request, lambda: planner.people(registry, request, coverage=covered, of=of)
    )
    unknown = _unknown(snapshot, registry, request, result.plan, has_value=result.table.num_rows > 0)
    result = replace(result, unknown=tuple(unknown))
    if not result.table.num_rows:
        return replace(result, reason=f"Nobody: {unknown[0]}" if unknown else "Nobody stands behind it.")
    return replace(result, note=_joined(result.note, unknown))


def rows_behind(snapshot: Snapshot, registry: Registry, request: Request, of: str | None = None) -> Plan:
    """SQL for the warehouse that names the facts behind one number of this snapshot. Raises QueryFailed.

    Its note says which values of a filter nothing has, and which definition is not built yet: the SQL follows
    the registry.
    """
    request = _within(snapshot, registry, request)
    covered = coverage(snapshot, registry, request.code)
    try:
        plan = planner.rows(registry, request, of, coverage=covered)
    except PlanError as error:
        raise QueryFailed(str(error)) from error
    said = [*_unknown(snapshot, registry, request, plan, False), *not_built(snapshot, registry, request.code)]
    return replace(plan, note=_joined(plan.note, said))


def values_of(snapshot: Snapshot, registry: Registry, code: str, dimension: str) -> list[Any]:
    """What a dimension takes where the indicator was counted, None included."""
    try:
        sql, params = planner.values_sql(registry, code, dimension)
    except PlanError as error:
        raise QueryFailed(str(error)) from error
    return _run(snapshot, code, sql, params).column("value").to_pylist()


def _answer(
    snapshot: Snapshot, registry: Registry, request: Request, make: Callable[[], Plan]
) -> QueryResult:
    """Plan, see whether the indicator may be shown, and only then run."""
    try:
        plan = make()
    except PlanError as error:
        raise QueryFailed(str(error)) from error
    warnings = (*warnings_for(snapshot, registry, request.code), *not_built(snapshot, registry, request.code))
    table = _run(snapshot, request.code, plan.sql, plan.params).select(list(plan.columns))
    return QueryResult(table, plan.unit, plan.note, snapshot.version, plan, warnings=warnings)


def _run(snapshot: Snapshot, code: str, sql: str, params: dict[str, Any]) -> pa.Table:
    """Run the planner's SQL. Raises QueryFailed where the snapshot was built from an older registry."""
    try:
        return snapshot.query(sql, params)
    except QueryFailed as error:
        if not isinstance(error.__cause__, duckdb.CatalogException | duckdb.BinderException):
            raise
        raise QueryFailed(
            f"The registry has '{code}', snapshot {snapshot.version} does not hold all that it is read from: "
            "run `make indicators`, which builds and publishes it."
        ) from error


def coverage(snapshot: Snapshot, registry: Registry, code: str) -> dict[str, Coverage]:
    """The days for which the processes that the code reads have data; looked up once for each version.

    Those of the whole network, whoever asks: a dealer without a lead last week has no lead, not no data.
    """
    known = _covered.setdefault(snapshot.opened, {})
    snapshot = snapshot.seen_by(EVERYTHING)
    try:
        names = planner.processes(registry, code)
    except PlanError as error:
        raise QueryFailed(str(error)) from error
    for name in names:
        if name not in known:
            [row] = _run(snapshot, code, *planner.coverage_sql(registry, name)).to_pylist()
            known[name] = Coverage(row["first"], row["last"]) if row["first"] else None
    return {name: held for name in names if (held := known[name]) is not None}


def _within(snapshot: Snapshot, registry: Registry, request: Request) -> Request:
    """The request for what the reader may see. Raises OutOfScope."""
    scope = snapshot.scope
    if scope.kind in ("all", "none"):
        return request
    try:
        reachable = registry.reachable(resolve(registry, request.code).base)
    except UnknownCode:
        return request  # the planner says so, with what comes near
    name, held = scope.kind, list(scope.ids)
    if name == "region" and name not in reachable:
        name = "dealer"
        held = snapshot.query("SELECT dealer_id FROM serving.srv_dealer").column(0).to_pylist()
    if name not in reachable:
        raise OutOfScope(f"'{request.code}' is not counted by {scope.kind}: only readers of all data see it.")
    return replace(request, where={name: held, **request.where})


def _unknown(
    snapshot: Snapshot, registry: Registry, request: Request, plan: Plan, has_value: bool
) -> list[str]:
    """What to say of each value of a filter that no row has for any part of the indicator."""
    said = []
    for name, given in planner.where_values(registry, request).items():
        asked = [item for item in given if item is not None]  # None asks for what is not known: maybe nothing
        if has_value and len(given) == 1:
            continue  # the answer itself shows that there is such a value
        held = [values_of(snapshot, registry, code, name) for code in registry.operands(plan.base)]
        known = list(dict.fromkeys(value for values in held for value in values))
        some = ", ".join("not known" if value is None else str(value) for value in known[:12]) + (
            ", ..." if len(known) > 12 else ""
        )
        said += [f"'{item}' is no value of {name} ({some})." for item in asked if item not in known]
    return said


def _joined(note: str, more: list[str]) -> str:
    return " ".join(text for text in (note, *more) if text)


def _reason(table: pa.Table, plan: Plan, unknown: list[str]) -> str:
    """Why the answer has no value: a filter's value that nothing has, cohorts that are all too young, a zero
    below the line, or no row.
    """
    if unknown:
        return f"No data: {unknown[0]}"
    rows = table.to_pylist()
    young = [row for row in rows if row.get("is_mature") is False]
    counted = (_operands(table) or ["value"])[0]
    if plan.youngest and young and all(row[counted] is None for row in young):
        return (
            "No value yet: the cohorts of these days are not mature, their window is not over. "
            f"The youngest mature cohort is of {plan.youngest}: ask for that day or earlier ones."
        )
    if not any(any(row[name] is not None for name in _operands(table)) for row in rows):
        return "No data: nothing was recorded for this in these days."
    if "value_before" in table.column_names:
        return "No data: one of the two periods has no value, or the earlier one is 0."
    return "No value: a part is missing or the denominator is 0."


def _operands(table: pa.Table) -> list[str]:
    after = table.column_names[table.column_names.index("value") + 1 :]
    return [name for name in after if name not in ("is_mature", "is_total", "n")]
