"""Tables of counts and sums: the cube of a process, and its roll-ups."""

from __future__ import annotations

from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.rendering import sql
from indicators.rendering.fact import fact, keys
from indicators.tables import Table, measured


def cube_sql(registry: Registry, process: Process) -> str:
    """`ind_<process>_1d`: one row for each day and dimension set, a column for each count and sum."""
    rows, held = fact(process), keys(registry, process)
    columns = [sql.aliased(expression, column) for expression, column in held]
    columns += [_measure(registry, item) for item in measured(registry, process, "cube")]
    query = sql.select(columns, rows.source, rows.where, [expression for expression, _ in held])
    return sql.model(process.origin.file, query, rows.ctes)


def rollup_sql(registry: Registry, process: Process, rollup: Table, cube: Table) -> str:
    """`ind_<process>_by_<dims>_1d`: the cube, summed over the dimensions that it leaves out."""
    columns = [*rollup.grain]
    for item in measured(registry, process, "rollup"):
        columns.append(f"cast(sum({item.code}) as {column_type(registry, item)}) as {item.code}")
    return sql.model(process.origin.file, sql.select(columns, sql.ref(cube.name), (), rollup.grain))


def column_type(registry: Registry, item: Atomic) -> str:
    """The type of a measure's column: a count is a bigint, a sum has the type of its unit."""
    if registry.measures[item.code].kind == "sum":
        return registry.standard.units[item.unit].type
    return "bigint"


def _measure(registry: Registry, item: Atomic) -> str:
    measure = registry.measures[item.code]
    aggregate = sql.filtered(f"{measure.kind}({measure.value_sql})", item.where, item.code)
    if measure.kind == "sum":
        aggregate = f"cast({aggregate} as {column_type(registry, item)})"
    return f"{aggregate} as {item.code}"
