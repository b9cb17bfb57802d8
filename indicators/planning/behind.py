"""What stands behind a number: its people, and the keys of its rows.

The published tables hold people (by their number, never by name) for what counts people; they hold no source
record. So people are listed where an indicator of people is counted under the same condition, and rows are
named by a query that only the warehouse can answer.
"""

from __future__ import annotations

from dataclasses import replace

import sqlglot
from sqlglot import exp

from indicators.measures import PERSON_KINDS, QUANTILE_KINDS, parse_condition, presence
from indicators.models import PERSON, Atomic, Process
from indicators.planning.query import Query, select
from indicators.planning.reductions import ROW
from indicators.planning.request import PlanError
from indicators.planning.scans import way
from indicators.planning.sources import mature, source, views
from indicators.planning.statement import Statement
from indicators.registry import Registry
from indicators.tables import DAY, PERSON_KEY


def people(query: Query) -> Statement:
    """One row for each person behind the query's atomic code, with the days on which they stand there.

    Raises PlanError where the code counts no people and no count of people has its condition.
    """
    code = _counter_of_people(query.registry, query.base)
    counted = replace(query, base=code, by=(), compare=None, has_series=False)
    [scan] = counted.scans
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


def _counter_of_people(registry: Registry, code: str) -> str:
    """The code itself where it counts people, else the count of people with the same condition."""
    if registry.measures[code].kind in PERSON_KINDS:
        return code
    process = registry.process_of[code]
    people = [item for item in process.atomic if registry.measures[item.code].kind in PERSON_KINDS]
    same = [item.code for item in people if _same(item, registry.atomics[code])]
    if same:
        return same[0]
    known = f"; people can be listed behind {', '.join(item.code for item in people)}" if people else ""
    raise PlanError(f"The published tables hold no people for '{code}'{known}.")


def _same(one: Atomic, other: Atomic) -> bool:
    return one.where == other.where and one.matures == other.matures


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
        if dimension.through == PERSON:
            raise PlanError(
                f"Rows cannot be named by '{name}', which is an attribute of people: list the people."
            )
        if name in process.dims:
            column = f"{process.model}.{process.dims[name] or dimension.column}"
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
