"""SQL for what the planner wants to know of the data: which days they cover, which values a dimension has."""

from __future__ import annotations

from typing import Any

from indicators.planning.checks import check_dimensions, resolved
from indicators.planning.query import Query
from indicators.planning.request import Request
from indicators.planning.scans import scans, table_of_days
from indicators.planning.sources import View, column, source
from indicators.planning.windows import Times
from indicators.registry import Registry
from indicators.tables import DAY


def coverage_sql(registry: Registry, process: str) -> tuple[str, dict[str, Any]]:
    """One row: `first` and `last` day for which a business process has data; nulls where it has none.

    The last day is that of its source, also where nothing happened on it; where the days begin only after it
    (what is measured on the day of a build), the last that has data.
    """
    held = registry.processes[process]
    table = table_of_days(registry, held)
    sql = (
        f"select min({DAY}) as first,\n"
        "    coalesce(\n"
        "        (select as_of_on from serving.srv_as_of where source = $source and "
        f"as_of_on >= min({DAY})),\n"
        f"        max({DAY})\n"
        f"    ) as last\nfrom indicators.{table.name}"
    )
    return sql, {"source": held.source}


def values_sql(registry: Registry, code: str, name: str) -> tuple[str, dict[str, Any]]:
    """Rows of `value`: what a dimension takes among the rows that the code's first operand is read from.

    Raises PlanError for a code or dimension that is not there, or that does not fit.
    """
    request = Request(code, by=(name,))
    derived = resolved(registry, request)
    check_dimensions(registry, request, derived)
    first = registry.operands(derived.base)[0]
    query = Query(registry, first, (name,), {}, (), Times(()), False, None, "")
    [scan] = scans(registry, [first], [name], ())
    rows = source(query, scan, View("", "", "", "", ()))
    return f"select distinct {column(query, scan, name)} as value\nfrom {rows}\norder by value", query.params
