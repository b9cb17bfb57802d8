"""The histogram of a process: how often each integer value occurs, so that medians and percentiles can be
taken over any days and dimensions.
"""

from __future__ import annotations

from indicators.measures import condition_sql
from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.rendering import sql
from indicators.rendering.fact import fact, keys
from indicators.rendering.sql import Cte
from indicators.tables import CODE, COUNT, VALUE, measured


def histogram_sql(registry: Registry, process: Process) -> str:
    """`ind_<process>_histogram_1d`: one row for each day, dimension set, indicator and value."""
    rows = fact(process)
    selects = [
        _ranked(registry, process, item, rows.source, rows.where)
        for item in measured(registry, process, "histogram")
    ]
    ranked = Cte("ranked", ["\nunion all\n".join(selects)])
    grain = [column for _, column in keys(registry, process)] + [CODE, VALUE]
    query = sql.select([*grain, f"count(*) as {COUNT}"], "ranked", [f"{VALUE} >= 0"], grain)
    return sql.model(process.origin.file, query, [*rows.ctes, ranked])


def _ranked(registry: Registry, process: Process, item: Atomic, source: str, where: list[str]) -> str:
    columns = [sql.aliased(expression, column) for expression, column in keys(registry, process)]
    value = f"cast({registry.measures[item.code].value_sql} as bigint)"
    condition = [condition_sql(item.where)] if item.where else []
    return sql.select(
        [*columns, f"'{item.code}' as {CODE}", f"{value} as {VALUE}"], source, [*where, *condition]
    )
