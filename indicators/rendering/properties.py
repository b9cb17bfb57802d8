"""The YAML beside each compiled model: grain, contract, columns, what its days are compared by."""

from __future__ import annotations

from typing import Any

from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.rendering.cubes import column_type
from indicators.rendering.fact import dimension_columns, reads
from indicators.rendering.yaml_text import Inline, to_yaml
from indicators.tables import CODE, COUNT, DAY, PERSON_KEY, VALUE, Table, counts_people, measured

_MORE_GRAIN = {"person": " x person", "histogram": " x indicator x value"}


def properties(registry: Registry, process: Process, table: Table, cube: Table | None) -> str:
    """Description, contract, grain test and columns of a table; a roll-up is read from its `cube`."""
    items = measured(registry, process, table.kind)
    columns = [*_key_columns(registry, process, table), *_measure_columns(registry, table, items)]
    return to_yaml(
        {
            "models": [
                {
                    "name": table.name,
                    "description": _grain_text(registry, process, table, cube),
                    "config": {
                        "contract": {"enforced": True},
                        "meta": _meta(registry, process, table, items, cube),
                    },
                    "data_tests": [{"unique_grain": {"arguments": {"columns": list(table.grain)}}}],
                    "columns": columns,
                }
            ]
        }
    )


def _meta(
    registry: Registry, process: Process, table: Table, items: list[Atomic], cube: Table | None
) -> dict[str, Any]:
    """What `incremental_by_day` compares days by, and the measures whose restatements it logs.

    A roll-up restates nothing of its own: its cube has logged it, as it has for the counts whose people a
    person table lists.
    """
    dims = [registry.standard.dimensions[name].column for name in table.dims]
    if table.kind == "rollup" and cube is not None:
        return {
            "reads": {
                "model": cube.name,
                "day": DAY,
                "key": list(cube.grain),
                "columns": list(cube.measures),
            },
            "dims": dims,
        }
    read = reads(registry, process, items, with_people=table.kind == "person")
    told = [item for item in items if table.kind != "person" or counts_people(registry, item)]
    return {"reads": read, "dims": dims, "measures": [_restated(registry, item) for item in told]}


def _restated(registry: Registry, item: Atomic) -> Inline:
    measure = registry.measures[item.code]
    found = Inline(code=item.code, of=measure.kind)
    if measure.quantile is not None:
        found["quantile"] = measure.quantile
    if item.matures:
        found["matures"] = item.matures
    return found


def _grain_text(registry: Registry, process: Process, table: Table, cube: Table | None) -> str:
    names = [registry.standard.dimensions[name].name.en.lower() for name in table.dims]
    grain = " x ".join([process.snapshot or "day", *names]) + _MORE_GRAIN.get(table.kind, "")
    if table.kind == "rollup" and cube is not None:
        return f"One row for each {grain}: {cube.name} with fewer dimensions."
    population = f", where {process.filter}" if process.filter else ""
    day = "the snapshot's date" if process.snapshot else "the day in the business time zone"
    return (
        f"One row for each {grain}. Population: {process.model}{population}. "
        f"Statistical date: {process.time}, {day}. "
        "A combination without any row of the fact has no row here: no data is not zero."
    )


def _key_columns(registry: Registry, process: Process, table: Table) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [
        {
            "name": DAY,
            "data_type": "date",
            "description": f"Statistical date: {process.time} of {process.model}.",
            "data_tests": ["not_null"],
        }
    ]
    held = dict(zip(process.dims, dimension_columns(registry, process), strict=True))
    for name in table.dims:
        text = f"{registry.standard.dimensions[name].name.en}; null where it is not known."
        column = held[name][1]
        is_flag = column.startswith(("is_", "has_"))
        columns.append(
            {"name": column, "data_type": "boolean" if is_flag else "varchar", "description": text}
        )
    return columns


def _measure_columns(registry: Registry, table: Table, items: list[Atomic]) -> list[dict[str, Any]]:
    if table.kind == "histogram":
        codes = " ".join(_meaning(item) for item in items)
        return [
            _column(CODE, "varchar", f"Which indicator: {codes}", "not_null"),
            _column(VALUE, "bigint", "The value that is ranked; never negative.", "not_null"),
            _column(COUNT, "bigint", "How many rows of the fact have this value.", "not_null"),
        ]
    if table.kind == "person":
        person = _column(
            PERSON_KEY, "bigint", "The person, by the number that dim_customer gives.", "not_null"
        )
        verb = {True: "Counts for", False: "Stands behind"}
        return [
            person,
            *(_column(i.code, "boolean", f"{verb[counts_people(registry, i)]} {_meaning(i)}") for i in items),
        ]
    return [_column(item.code, column_type(registry, item), _meaning(item)) for item in items]


def _column(name: str, data_type: str, description: str, *tests: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "data_type": data_type, "description": description}
    return {**column, "data_tests": list(tests)} if tests else column


def _meaning(item: Atomic) -> str:
    where = f", where {item.where}" if item.where else ""
    final = f" Final {item.matures} days after the statistical date." if item.matures else ""
    return f"{item.name.en} ({item.name.zh}), in {item.unit}: {item.measure}{where}.{final}"
