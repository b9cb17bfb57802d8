"""The planner's SQL: one part for each table that is read, stacked, then the formula and the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlglot import exp

from indicators.codes import POINTS
from indicators.measures import parse_condition
from indicators.models import Process
from indicators.registry import Registry
from indicators.render_sql import cube_name, person_name

GRAINS = ("day", "week", "month", "quarter", "year")
PERIOD = "period"


@dataclass(frozen=True)
class Window:
    """The days `first` to `last` (inclusive) that are counted for the statistical date `on`.

    `slot` is `now`, or `before` for the period that it is compared with.
    """

    on: date
    slot: str
    first: date
    last: date


@dataclass(frozen=True)
class Query:
    """A checked request: every code, dimension and modifier in it exists and fits."""

    registry: Registry
    base: str
    by: tuple[str, ...]
    where: Mapping[str, Any]
    modifiers: tuple[str, ...]
    grain: str | None
    date_from: date | None
    date_to: date | None
    windows: tuple[Window, ...]
    has_series: bool
    compare: str | None
    catalog: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def operands(self) -> list[str]:
        """The atomic codes that are read."""
        return self.registry.operands(self.base)

    @property
    def matures(self) -> int | None:
        """Days until a cohort is mature; None for an indicator that is no cohort's."""
        return self.registry.matures(self.base)

    @property
    def keys(self) -> list[str]:
        """The columns that a value is for."""
        return [*([PERIOD] if self.has_series else []), *self.by]

    def param(self, name: str, value: Any) -> str:
        """Bind a value; returns its place in the SQL."""
        self.params[name] = value
        return f"${name}"


def render(query: Query) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    """SQL, parameters and columns. Rows are ordered by period and dimensions."""
    stacked_keys = [*query.keys, *(["slot"] if query.windows else [])]
    parts = "\nunion all\n".join(_part(query, process, is_person) for process, is_person in _tables(query))
    measured = [f"max({code}) as {code}" for code in query.operands]
    if query.matures:
        measured.append("bool_and(is_mature) as is_mature")
    ctes = [
        *([f"stat_window as (\n{_spine(query)}\n)"] if query.windows else []),
        f"part as (\n{parts}\n)",
        f"measured as (\n{_select([*stacked_keys, *measured], 'part', stacked_keys)}\n)",
    ]
    formula = f"cast({query.registry.render(query.base)} as {_value_type(query)})"
    extra = [*query.operands, *(["is_mature"] if query.matures else [])]
    if query.compare:
        ctes.append(f"compared as (\n{_compared(query, formula)}\n)")
        extra = ["value_now", "value_before", *(["is_mature"] if query.matures else [])]
        formula = _comparison(query.compare)
    elif query.base in extra:
        extra.remove(query.base)
    source = "compared" if query.compare else "measured"
    columns = [*query.keys, "value", *extra]
    order = f"\norder by {', '.join(query.keys)}" if query.keys else ""
    final = _select([*query.keys, f"{formula} as value", *extra], source, [])
    return "with " + ",\n".join(ctes) + f"\n{final}{order}", query.params, tuple(columns)


def _tables(query: Query) -> list[tuple[Process, bool]]:
    """The tables that hold the operands: a process's cube, and its person table for distinct people."""
    found: dict[tuple[str, bool], tuple[Process, bool]] = {}
    for code in query.operands:
        process = query.registry.process_of[code]
        is_person = query.registry.additivity(code) == "U"
        found[process.process, is_person] = (process, is_person)
    return list(found.values())


def _part(query: Query, process: Process, is_person: bool) -> str:
    """One table aggregated to the keys; operands that it does not hold are null."""
    table = person_name(process) if is_person else cube_name(process)
    keys = [f"{_column(query, process, name)} as {name}" for name in query.by]
    groups = [_column(query, process, name) for name in query.by]
    if query.has_series:
        period = (
            "stat_window.on_date"
            if query.windows
            else f"cast(date_trunc('{query.grain}', cube.stat_date) as date)"
        )
        keys, groups = [f"{period} as {PERIOD}", *keys], [period, *groups]
    if query.windows:
        keys, groups = [*keys, "stat_window.slot"], [*groups, "stat_window.slot"]
    measures = [_operand(query, code, process, is_person) for code in query.operands]
    if query.matures:
        measures.append(f"bool_and({_mature(query, process)}) as is_mature")
    source = f"{query.catalog}indicators.{table} as cube" + _joins(query, process)
    conditions = _conditions(query, process)
    where = f"\nwhere {' and '.join(conditions)}" if conditions else ""
    return _select([*keys, *measures], source + where, groups)


def _operand(query: Query, code: str, process: Process, is_person: bool) -> str:
    kind = query.registry.measures[code].kind
    held = query.registry.process_of[code] is process and (kind == "distinct") == is_person
    if not held:
        return f"null as {code}"
    if is_person:
        return f"count(distinct cube.one_id) filter (where cube.{code}) as {code}"
    mature = f" filter (where {_mature(query, process)})" if query.matures else ""
    return f"cast(sum(cube.{code}){mature} as {_type(query.registry, code)}) as {code}"


def _mature(query: Query, process: Process) -> str:
    """Is the cohort's window over by the source's last day? As srv_dealer_funnel has it."""
    source = query.param(f"source_{process.source}", process.source)
    as_of = f"(select as_of_on from {query.catalog}serving.srv_as_of where source = {source})"
    return f"coalesce(cube.stat_date + {query.matures} < {as_of}, false)"


def _conditions(query: Query, process: Process) -> list[str]:
    conditions = []
    if not query.windows:
        if query.date_from:
            conditions.append(f"cube.stat_date >= cast({query.param('date_from', query.date_from)} as date)")
        if query.date_to:
            conditions.append(f"cube.stat_date <= cast({query.param('date_to', query.date_to)} as date)")
    conditions += [_of_cube(process.modifiers[name]) for name in query.modifiers]
    conditions += [_filter(query, process, name, value) for name, value in query.where.items()]
    return conditions


def _filter(query: Query, process: Process, name: str, value: Any) -> str:
    column = _column(query, process, name)
    values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
    known = [item for item in values if item is not None]
    places = [query.param(f"{name}_{i}", item) for i, item in enumerate(known)]
    ways = [f"{column} in ({', '.join(places)})"] if places else []
    if len(known) < len(values):
        ways.append(f"{column} is null")
    return f"({' or '.join(ways)})" if ways else "false"


def _column(query: Query, process: Process, name: str) -> str:
    """Where a dimension's value stands: in the cube, or in the table by which it is reached."""
    dimension = query.registry.standard.dimensions[name]
    if name in process.dims:
        return f"cube.{dimension.column}"
    return f"by_{dimension.through}.{dimension.column}"


def _joins(query: Query, process: Process) -> str:
    """Joins to the windows and to the tables of reached dimensions, each many-to-one from the cube."""
    text = ""
    if query.windows:
        text += (
            "\njoin stat_window on cube.stat_date between stat_window.first_date and stat_window.last_date"
        )
    dimensions = query.registry.standard.dimensions
    reached = {
        dimensions[name].through: dimensions[name].table
        for name in [*query.by, *query.where]
        if name not in process.dims
    }
    for through, table in reached.items():
        key = dimensions[through or ""].column
        text += (
            f"\nleft join {query.catalog}serving.{table} as by_{through} on cube.{key} = by_{through}.{key}"
        )
    return text


def _of_cube(condition: str) -> str:
    tree = parse_condition(condition).copy()
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier("cube"))
    return f"({tree.sql(dialect='duckdb')})"


def _spine(query: Query) -> str:
    rows = ",\n".join(
        f"(date '{w.on}', '{w.slot}', date '{w.first}', date '{w.last}')" for w in query.windows
    )
    return f"select * from (values\n{rows}\n) as stat_window (on_date, slot, first_date, last_date)"


def _compared(query: Query, formula: str) -> str:
    columns = [
        *query.keys,
        f"max({formula}) filter (where slot = 'now') as value_now",
        f"max({formula}) filter (where slot = 'before') as value_before",
        *(["bool_and(is_mature) as is_mature"] if query.matures else []),
    ]
    return _select(columns, "measured", query.keys)


def _comparison(compare: str) -> str:
    if compare.endswith(POINTS):
        return "(value_now - value_before) * 100"
    return "value_now / nullif(value_before, 0) - 1"


def _type(registry: Registry, code: str) -> str:
    item = registry.atomics[code]
    is_count = registry.measures[code].kind != "sum" or registry.standard.units[item.unit].type == "bigint"
    return "bigint" if is_count else "double"


def _value_type(query: Query) -> str:
    return _type(query.registry, query.base) if query.base in query.registry.atomics else "double"


def _select(columns: list[str], source: str, groups: list[str]) -> str:
    text = "select\n    " + ",\n    ".join(columns) + f"\nfrom {source}"
    return text + (f"\ngroup by {', '.join(groups)}" if groups else "")
