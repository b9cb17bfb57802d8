"""What stands behind a number: its people, and the keys of its rows.

The person table of a process holds people (by their number, never by name) for what it counts under each
condition; no published table holds a source record, so rows are named by a query that only the warehouse can
answer.
"""

from __future__ import annotations

from dataclasses import replace

import sqlglot
from sqlglot import exp

from indicators.measures import QUANTILE_KINDS, parse_condition, presence
from indicators.models import PERSON, Atomic, Process
from indicators.planning.query import Query, select
from indicators.planning.reductions import ROW
from indicators.planning.request import PlanError
from indicators.planning.scans import person_scan, way
from indicators.planning.sources import mature, source, views
from indicators.planning.statement import Statement
from indicators.registry import Registry
from indicators.tables import DAY, PERSON_KEY, measured


def people(query: Query) -> Statement:
    """One row for each person behind the query's atomic code, with the days on which they stand there.

    Raises PlanError where no person table has its condition.
    """
    code = _flag(query.registry, query.base)
    counted = replace(query, by=(), compare=None, has_series=False)
    scan = person_scan(query.registry, code, query.where, query.modifiers)
    view = next(views(counted, scan))  # `now`: of a comparison, the other days are those of another number
    is_over = mature(counted, scan)
    view = replace(view, conditions=(f"{ROW}.{code}", *([is_over] if is_over else []), *view.conditions))
    rows = source(counted, scan, view)
    columns = [f"{ROW}.{PERSON_KEY}", f"min({ROW}.{DAY}) as first_on", f"max({ROW}.{DAY}) as last_on"]
    sql = select(columns, rows, [f"{ROW}.{PERSON_KEY}"]) + f"\norder by {ROW}.{PERSON_KEY}"
    return Statement(sql, counted.params, (PERSON_KEY, "first_on", "last_on"), (scan.table.name,))


def rows(query: Query) -> Statement:
    """The keys of the facts behind the query's atomic code: SQL for the warehouse, which no reader opens."""
    registry, item = query.registry, query.registry.atomics[query.base]
    process = registry.process_of[query.base]
    conditions = [text for text in (process.filter, item.where) if text]
    conditions += [process.modifiers[name] for name in query.modifiers]
    written = [f"({_on_fact(registry, process, text).sql(dialect='duckdb')})" for text in conditions]
    written += _counted(query, process)
    written += [*_days(query, process), *_filters(query, process)]
    text = f"core.{process.model}{_joins(query, process)}"
    text += "\nwhere " + "\n    and ".join(written) if written else ""
    keys = [f"{process.model}.{column}" for column in process.grain]
    order = f"\norder by {', '.join(keys)}"
    return Statement(select(keys, text, []) + order, query.params, tuple(process.grain), (process.model,))


def _flag(registry: Registry, code: str) -> str:
    """The flag of the person table that says who is behind a code: its own, or that of the same condition."""
    process, item = registry.process_of[code], registry.atomics[code]
    held = measured(registry, process, "person")
    if item in held:
        return code
    is_ranked = registry.measures[code].kind in QUANTILE_KINDS
    same = [other.code for other in held if other.where == item.where and not is_ranked]
    if same:
        return same[0]
    raise PlanError(f"The people behind '{code}' are not published: {_why_nobody(registry, process, held)}")


def _why_nobody(registry: Registry, process: Process, held: list[Atomic]) -> str:
    if not process.entity:
        return f"{process.model} is not about persons. Its rows can be named (`--rows-sql`)."
    if held:
        listed = ", ".join(item.code for item in held)
        return f"{process.process} has them for {listed}. Ask for the people behind one of these."
    return (
        f"no indicator of {process.process} counts people. Name its rows (`--rows-sql`), or add one with "
        f"`measure: distinct({process.entity})` to {process.origin.file} and run `make indicators`."
    )


def _on_fact(registry: Registry, process: Process, text: str) -> exp.Expr:
    """A condition on the fact itself: named conditions and has_rows() written out, the columns qualified."""
    flags = dict(presence(text))
    named = {
        registry.standard.dimensions[name].column: column for name, column in process.dims.items() if column
    }

    def swap(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        if node.name in process.conditions:
            return exp.paren(_on_fact(registry, process, process.conditions[node.name]))
        if node.name in flags:
            return sqlglot.parse_one(f"exists(select 1 from core.{flags[node.name]})", dialect="duckdb")
        return exp.column(named.get(node.name, node.name), process.model)

    return parse_condition(text).copy().transform(swap)


def _counted(query: Query, process: Process) -> list[str]:
    """What a row must have to count: a value, and of a cohort's rate a window that is over."""
    measure = query.registry.measures[query.base]
    found = []
    if measure.kind in QUANTILE_KINDS:
        found.append(f"{_on_fact(query.registry, process, measure.value_sql).sql(dialect='duckdb')} >= 0")
    elif measure.column not in process.grain:
        found.append(f"{process.model}.{measure.column} is not null")
    if query.matures:
        name = query.param(f"source_{process.source}", process.source)
        as_of = f"(select as_of_on from serving.srv_as_of where source = {name})"
        found.append(f"{process.model}.{process.time} + {query.matures} < {as_of}")
    return found


def _days(query: Query, process: Process) -> list[str]:
    """The days that count: those of the period, of a snapshot the last one in it."""
    time, times = f"{process.model}.{process.time}", query.times
    now = times.windows[0] if times.windows else times
    ends = [(">=", "date_from", now.first), ("<=", "date_to", now.last)]
    found = [f"{time} {sign} cast({query.param(name, day)} as date)" for sign, name, day in ends if day]
    if not process.snapshot:
        return found or [f"{time} is not null"]
    if process.filter:
        found.append(f"({_on_fact(query.registry, process, process.filter).sql(dialect='duckdb')})")
    inside = f" where {' and '.join(found)}" if found else ""
    return [f"{time} = (select max({time}) from core.{process.model}{inside})"]


def _filters(query: Query, process: Process) -> list[str]:
    found = []
    for name, values in query.where.items():
        dimension = query.registry.standard.dimensions[name]
        if name in process.dims:
            column = f"{process.model}.{process.dims[name] or dimension.column}"
        elif dimension.through == PERSON:
            raise PlanError(
                f"Rows cannot be named by '{name}', which is an attribute of people: list the people."
            )
        else:
            column = f"{way(query.registry, name).alias}.{dimension.column}"
        places = [query.param(f"{name}_{i}", value) for i, value in enumerate(values) if value is not None]
        ways = [f"{column} in ({', '.join(places)})"] if places else []
        ways += [f"{column} is null"] if None in values else []
        found.append(f"({' or '.join(ways)})" if ways else "false")
    return found


def _joins(query: Query, process: Process) -> str:
    reached = dict.fromkeys(way(query.registry, name) for name in query.where if name not in process.dims)
    return "".join(
        f"\nleft join serving.{one.table} as {one.alias} on {process.model}.{one.key} = {one.alias}.{one.key}"
        for one in reached
    )
