"""The rows that a table is computed from: the process's fact, with its conditions and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from indicators import measures
from indicators.measures import condition_sql
from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.rendering.sql import INDENT, Cte, conditions, ref
from indicators.tables import PERSON_KEY

PEOPLE = "dim_customer"


@dataclass(frozen=True)
class Fact:
    """Where a table selects from: CTEs, the relation, and the conditions that every row must meet."""

    source: str
    where: list[str]
    ctes: list[Cte] = field(default_factory=list)


def dimension_columns(registry: Registry, process: Process) -> list[tuple[str, str]]:
    """(expression in the fact, column in the table) for each dimension of a process."""
    stored = [(name, registry.standard.dimensions[name].column) for name in process.dims]
    return [(process.dims[name] or column, column) for name, column in stored]


def keys(registry: Registry, process: Process) -> list[tuple[str, str]]:
    """(expression, column) of the statistical date and the dimensions."""
    return [(process.time, "stat_date"), *dimension_columns(registry, process)]


def fact(process: Process, with_people: bool = False) -> Fact:
    """The rows of a process; `with_people` adds the number of the person and leaves out rows of nobody.

    A fact whose entity is the number itself knows more than people, as browsers of the website: it stays.
    """
    source, ctes = ref(process.model), []
    needed = [f"{process.time} is not null"]
    if with_people and process.entity == PERSON_KEY:
        needed.append(f"{PERSON_KEY} is not null")
    elif with_people:
        ctes.append(Cte("fact", _numbered(process)))
        source = "fact"
    if not process.conditions:
        where = [process.filter] if process.filter else []
        return Fact(source, [*where, *needed], ctes)
    if flags := present(process):
        ctes += [Cte("data_present", _presence(flags)), Cte("joined", _joined(source))]
        source = "joined"
    ctes.append(Cte("conditioned", _conditioned(process, source)))
    return Fact("conditioned", needed, ctes)


def present(process: Process) -> dict[str, str]:
    """Each has_rows() of the process's conditions: its flag, and the model that it asks about."""
    return dict(flag for text in process.conditions.values() for flag in measures.presence(text))


def reads(
    registry: Registry, process: Process, items: Sequence[Atomic], with_people: bool = False
) -> dict[str, Any]:
    """What of the fact decides a table's rows: the fingerprint of a day is taken over it (`meta.reads`)."""
    texts = [process.filter, *process.conditions.values(), *(item.where for item in items)]
    columns = {expression for expression, _ in dimension_columns(registry, process)}
    columns |= {column for text in texts if text for column in measures.columns(text)}
    columns |= {column for item in items for column in registry.measures[item.code].columns}
    own = {*process.grain, *process.conditions, process.time} | ({process.entity} if with_people else set())
    found: dict[str, Any] = {
        "model": process.model,
        "day": process.time,
        "key": list(process.grain),
        "columns": sorted(columns - own),
    }
    if process.entity:
        found["person"] = process.entity
    if with_people and process.entity != PERSON_KEY:
        found["people"] = PEOPLE
    if flags := present(process):
        found["present"] = flags
    return found


def _numbered(process: Process) -> list[str]:
    return [
        f"select\n{INDENT}fact.*,\n{INDENT}person.person_no",
        f"from {ref(process.model)} as fact",
        f"inner join {ref(PEOPLE)} as person on fact.{process.entity} = person.one_id",
    ]


def _presence(flags: dict[str, str]) -> list[str]:
    columns = ",\n".join(
        f"{INDENT}exists(select 1 from {ref(name)}) as {flag}" for flag, name in flags.items()
    )
    return [f"select\n{columns}"]


def _joined(source: str) -> list[str]:
    return ["select *", f"from {source}", "cross join data_present"]


def _conditioned(process: Process, source: str) -> list[str]:
    computed = ",\n".join(
        f"{INDENT}({condition_sql(text)}) as {name}" for name, text in process.conditions.items()
    )
    filtered = [conditions([process.filter])] if process.filter else []
    return [f"select\n{INDENT}*,\n{computed}", f"from {source}", *filtered]
