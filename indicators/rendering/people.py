"""The person table of a process: who did it on which day. From it, people over any period count exactly."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.digest import canonical_condition
from indicators.measures import condition_sql
from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.rendering import sql
from indicators.rendering.fact import fact, keys
from indicators.tables import PERSON_KEY, measured


def person_sql(registry: Registry, process: Process) -> str:
    """`ind_<process>_person_1d`: one row for each day, dimension set and person; a flag for each
    measure, and for each count of rows with a condition of its own."""
    rows, items = fact(process, with_people=True), measured(registry, process, "person")
    held = [*keys(registry, process), (PERSON_KEY, PERSON_KEY)]
    columns = [sql.aliased(expression, column) for expression, column in held]
    columns += [f"{_flag(item, alone=len(items) == 1)} as {item.code}" for item in items]
    query = sql.select(
        columns, rows.source, [*rows.where, *_counted(process, items)], [expression for expression, _ in held]
    )
    return sql.model(process.origin.file, query, rows.ctes)


def _flag(item: Atomic, alone: bool) -> str:
    """A row is there because a measure counts it: where there is only one, it is that one."""
    if alone or not item.where:
        return "true"
    return f"bool_or({condition_sql(item.where)})"


def _counted(process: Process, items: Sequence[Atomic]) -> list[str]:
    """The condition that any measure counts a row; none where one of them counts every row.

    A condition that says more than another one adds no rows and is left out.
    """
    if any(not item.where for item in items):
        return []
    parts = {item.where: frozenset(canonical_condition(process, item.where)) for item in items}
    widest = [where for where, held in parts.items() if not any(one < held for one in parts.values())]
    texts = [condition_sql(where) for where in widest if where]
    if len(texts) == 1:
        return texts
    return [
        "(" + " or ".join(f"({text})" if " " in text.removeprefix("not ") else text for text in texts) + ")"
    ]
