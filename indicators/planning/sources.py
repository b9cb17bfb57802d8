"""FROM and WHERE of a part: the table, the ways to reached dimensions, filters, and the days that count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp

from indicators.measures import parse_condition
from indicators.models import PERSON
from indicators.planning.query import Query
from indicators.planning.reductions import ROW
from indicators.planning.request import Window
from indicators.planning.scans import Scan, table_of_days, way
from indicators.tables import DAY

MAX_BRANCHES = 2  # more windows than this are joined; up to it, each reads its own days


@dataclass(frozen=True)
class View:
    """The rows of a table that count for some windows: what `period` and `slot` they are for, the join and
    the conditions on days, the number of days of the window.
    """

    period: str
    slot: str
    days: str
    join: str
    conditions: tuple[str, ...]


def views(query: Query, scan: Scan) -> Iterator[View]:
    """The days that are read: all at once, one view for each window where they are few, else by a join."""
    windows = query.times.windows
    if not windows:
        yield _open(query, scan)
    elif len(windows) <= MAX_BRANCHES:
        for window in windows:
            yield _branch(query, scan, window)
    else:
        yield _joined(query, scan)


def source(query: Query, scan: Scan, view: View, later: Collection[str] = ()) -> str:
    """The table with its joins and conditions, from `from` on (without that word); dimensions that are looked
    at `later` stand in none of them.
    """
    conditions = [
        *view.conditions,
        *(_of_row(scan.process.modifiers[name]) for name in query.modifiers),
        *(_filter(query, scan, name, query.where[name]) for name in query.where if name not in later),
    ]
    ways = _ways(query, [name for name in names(query, scan) if name not in later])
    text = f"{query.catalog}indicators.{scan.table.name} as {ROW}{view.join}{ways}"
    return text + _where(conditions)


def people_source(query: Query, scan: Scan, people: str, attributes: Collection[str]) -> str:
    """The rows of a CTE `people` with the tables of their attributes, filtered by them.

    Only the attributes of these people are joined: readers see the tables through secure views, behind which
    the engine cannot tell the small side from the large one and would hash everybody (28 ms instead of 57).
    """
    conditions = [_filter(query, scan, name, query.where[name]) for name in query.where if name in attributes]
    reached = dict.fromkeys(way(query.registry, name) for name in attributes)
    joins = "".join(
        f"\nleft join (\n    select * from {query.catalog}serving.{one.table}"
        f"\n    where {one.key} in (select {one.key} from {people})"
        f"\n) as {one.alias} on {ROW}.{one.key} = {one.alias}.{one.key}"
        for one in reached
    )
    return f"{people} as {ROW}{joins}" + _where(conditions)


def attributes_of_people(query: Query, scan: Scan) -> list[str]:
    """The dimensions of the query that are attributes of the people who are counted."""
    dimensions = query.registry.standard.dimensions
    return [name for name in names(query, scan) if dimensions[name].through == PERSON]


def names(query: Query, scan: Scan) -> list[str]:
    """The dimensions of the query that the table does not store."""
    return [name for name in dict.fromkeys([*query.by, *query.where]) if name not in scan.process.dims]


def _where(conditions: Sequence[str]) -> str:
    return "\nwhere " + "\n    and ".join(conditions) if conditions else ""


def column(query: Query, scan: Scan, name: str) -> str:
    """Where a dimension's value stands: in the table that is read, or in the one by which it is reached."""
    dimension = query.registry.standard.dimensions[name]
    if name in scan.process.dims:
        return f"{ROW}.{dimension.column}"
    return f"{way(query.registry, name).alias}.{dimension.column}"


def mature(query: Query, scan: Scan) -> str | None:
    """Is the cohort's window over by the source's last day? None for what is no cohort's."""
    if not query.matures:
        return None
    name = query.param(f"source_{scan.process.source}", scan.process.source)
    as_of = f"(select as_of_on from {query.catalog}serving.srv_as_of where source = {name})"
    return f"coalesce({ROW}.{DAY} + {query.matures} < {as_of}, false)"


def _open(query: Query, scan: Scan) -> View:
    times = query.times
    period = _bucket(times.grain, ROW)
    bounds = _bounds(query, ROW)
    if scan.is_snapshot:
        group = f" group by {_bucket(times.grain, 'day')}" if times.grain else ""
        where = f" where {' and '.join(_bounds(query, 'day'))}" if bounds else ""
        bounds = [f"{ROW}.{DAY} in (select max(day.{DAY}) from {_days(query, scan)}{where}{group})"]
    return View(period, "'now'", "", "", tuple(bounds))


def _bucket(grain: str | None, alias: str) -> str:
    return f"cast(date_trunc('{grain}', {alias}.{DAY}) as date)" if grain else ""


def _bounds(query: Query, alias: str) -> list[str]:
    ends: list[tuple[str, str, date | None]] = [
        ("date_from", ">=", query.times.first),
        ("date_to", "<=", query.times.last),
    ]
    return [f"{alias}.{DAY} {sign} cast({query.param(name, day)} as date)" for name, sign, day in ends if day]


def _branch(query: Query, scan: Scan, window: Window) -> View:
    between = "{alias}.stat_date between date '{first}' and date '{last}'"
    condition = between.format(alias=ROW, first=window.first, last=window.last)
    if scan.is_snapshot:
        inner = between.format(alias="day", first=window.first, last=window.last)
        condition = f"{ROW}.{DAY} = (select max(day.{DAY}) from {_days(query, scan)} where {inner})"
    days = str((window.last - window.first).days + 1)
    return View(f"date '{window.on}'", f"'{window.slot}'", days, "", (condition,))


def _joined(query: Query, scan: Scan) -> View:
    """The windows as rows; overall bounds stand beside the join, so that other days are not read at all."""
    windows = query.times.windows
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    bounds = f"{ROW}.{DAY} between date '{first}' and date '{last}'"
    join = f"\njoin stat_window on {ROW}.{DAY} between stat_window.first_date and stat_window.last_date"
    if scan.is_snapshot:
        join = f"""
join (
    select w.on_date, w.slot, w.first_date, w.last_date, max(day.{DAY}) as snapshot_date
    from stat_window as w
    join {_days(query, scan)} on day.{DAY} between w.first_date and w.last_date
    group by all
) as stat_window on {ROW}.{DAY} = stat_window.snapshot_date"""
    days = "max(date_diff('day', stat_window.first_date, stat_window.last_date) + 1)"
    return View("stat_window.on_date", "stat_window.slot", days, join, (bounds,))


def _days(query: Query, scan: Scan) -> str:
    table = table_of_days(query.registry, scan.process)
    return f"{query.catalog}indicators.{table.name} as day"


def _ways(query: Query, reached: Collection[str]) -> str:
    """Joins to the tables of reached dimensions, each many-to-one."""
    found = dict.fromkeys(way(query.registry, name) for name in reached)
    return "".join(
        f"\nleft join {query.catalog}serving.{one.table} as {one.alias}"
        f" on {ROW}.{one.key} = {one.alias}.{one.key}"
        for one in found
    )


def _filter(query: Query, scan: Scan, name: str, values: list[Any]) -> str:
    place = column(query, scan, name)
    known = [item for item in values if item is not None]
    params = [query.param(f"{name}_{i}", item) for i, item in enumerate(known)]
    ways = [f"{place} in ({', '.join(params)})"] if params else []
    if len(known) < len(values):
        ways.append(f"{place} is null")
    return f"({' or '.join(ways)})" if ways else "false"


def _of_row(condition: str) -> str:
    tree = parse_condition(condition).copy()
    for node in tree.find_all(exp.Column):
        node.set("table", exp.to_identifier(ROW))
    return f"({tree.sql(dialect='duckdb')})"
