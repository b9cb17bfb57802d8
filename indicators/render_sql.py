"""Writes the SQL of the cubes: ordinary dbt models, as a colleague would have written them by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indicators import measures
from indicators.measures import condition_sql
from indicators.models import Atomic, Process
from indicators.registry import Registry

MAX_LINE = 96
INDENT = "    "
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def cube_name(process: Process) -> str:
    """The daily cube of a process."""
    return f"ind_{process.process}_1d"


def person_name(process: Process) -> str:
    """The table of a process from which distinct people over any period are counted."""
    return f"ind_{process.process}_person_1d"


def split(registry: Registry, process: Process) -> tuple[list[Atomic], list[Atomic]]:
    """The atomic indicators that add up (stored in the cube), and the distinct ones (stored by person)."""
    distinct = [item for item in process.atomic if registry.measures[item.code].kind == "distinct"]
    return [item for item in process.atomic if item not in distinct], distinct


def dimension_columns(registry: Registry, process: Process) -> list[tuple[str, str]]:
    """(expression in the fact, column in the cube) for each dimension of a process."""
    stored = [(name, registry.standard.dimensions[name].column) for name in process.dims]
    return [(process.dims[name] or column, column) for name, column in stored]


def cube_sql(registry: Registry, process: Process) -> str:
    """`ind_<process>_1d`: one row for each day and dimension set, a column for each additive measure."""
    additive, _ = split(registry, process)
    keys = [(process.time, "stat_date"), *dimension_columns(registry, process)]
    lines = [_aliased(expression, column) for expression, column in keys]
    lines += [_measure(registry, item) for item in additive]
    return _model(process, lines, [f"{process.time} is not null"], keys)


def person_sql(registry: Registry, process: Process) -> str:
    """`ind_<process>_person_1d`: one row for each day, dimension set and person; a flag for each measure."""
    _, distinct = split(registry, process)
    entity = process.entity or "one_id"
    keys = [(process.time, "stat_date"), *dimension_columns(registry, process), (entity, "one_id")]
    lines = [_aliased(expression, column) for expression, column in keys]
    lines += [_flag(item, alone=len(distinct) == 1) for item in distinct]
    where = [f"{process.time} is not null", f"{entity} is not null"]
    if all(item.where for item in distinct):
        either = " or ".join(f"({condition_sql(item.where or '')})" for item in distinct)
        where.append(condition_sql(distinct[0].where or "") if len(distinct) == 1 else f"({either})")
    return _model(process, lines, where, keys)


def _measure(registry: Registry, item: Atomic) -> str:
    measure = registry.measures[item.code]
    aggregate = f"{measure.kind}({measure.column})" + _filter(item)
    if measure.kind == "sum":
        aggregate = f"cast({aggregate} as {registry.standard.units[item.unit].type})"
    line = f"{aggregate} as {item.code}"
    return line if len(INDENT + line) < MAX_LINE else _broken(registry, item)


def _filter(item: Atomic) -> str:
    return f" filter (where {condition_sql(item.where)})" if item.where else ""


def _broken(registry: Registry, item: Atomic) -> str:
    """A measure whose condition is too long for one line: one part of the condition a line."""
    measure = registry.measures[item.code]
    condition = f"\n{INDENT * 2}and ".join(_AND.split(condition_sql(item.where or "")))
    aggregate = f"{measure.kind}({measure.column}) filter (\n{INDENT * 2}where {condition}\n{INDENT})"
    if measure.kind == "sum":
        aggregate = f"cast({aggregate} as {registry.standard.units[item.unit].type})"
    return f"{aggregate} as {item.code}"


def _flag(item: Atomic, alone: bool) -> str:
    """A row is there because a measure counts it: where there is only one, it is that one."""
    if alone or not item.where:
        return f"true as {item.code}"
    return f"bool_or({condition_sql(item.where)}) as {item.code}"


def _aliased(expression: str, column: str) -> str:
    return column if expression == column else f"{expression} as {column}"


def _model(process: Process, lines: list[str], where: list[str], keys: Sequence[tuple[str, str]]) -> str:
    prelude, source = _source(process)
    conditions = [*([process.filter] if process.filter and not prelude else []), *where]
    groups = ",\n".join(INDENT + expression for expression, _ in keys)
    return "\n".join(
        [
            f"-- Compiled from indicators/registry/{process.origin.file}: edit there, "
            + "then `forecourt indicators compile`.",
            "",
            *([prelude, ""] if prelude else []),
            "select",
            ",\n".join(INDENT + line for line in lines),
            f"from {source}",
            _where(conditions),
            f"group by\n{groups}",
            "",
        ]
    )


def _where(conditions: list[str]) -> str:
    if len(conditions) == 1:
        return f"where {conditions[0]}"
    return f"where\n{INDENT}" + f"\n{INDENT}and ".join(conditions)


def _source(process: Process) -> tuple[str, str]:
    """The CTEs of the process's named conditions (empty when it has none), and what to select from."""
    fact = f"{{{{ ref('{process.model}') }}}}"
    if not process.conditions:
        return "", fact
    flags = dict(flag for text in process.conditions.values() for flag in measures.presence(text))
    computed = ",\n".join(
        f"{INDENT * 2}({condition_sql(text)}) as {name}" for name, text in process.conditions.items()
    )
    filtered = [f"{INDENT}where {process.filter}"] if process.filter else []
    conditioned = [f"{INDENT}select\n{INDENT * 2}*,\n{computed}"]
    if not flags:
        conditioned += [f"{INDENT}from {fact}", *filtered]
        return f"with {_cte('conditioned', conditioned)}", "conditioned"
    present = ",\n".join(
        f"{INDENT * 2}exists(select 1 from {{{{ ref('{model}') }}}}) as {flag}"
        for flag, model in flags.items()
    )
    joined = [f"{INDENT}select *", f"{INDENT}from {fact}", f"{INDENT}cross join data_present"]
    conditioned += [f"{INDENT}from joined", *filtered]
    ctes = [
        _cte("data_present", [f"{INDENT}select\n{present}"]),
        _cte("joined", joined),
        _cte("conditioned", conditioned),
    ]
    return "with " + ",\n\n".join(ctes), "conditioned"


def _cte(name: str, lines: list[str]) -> str:
    body = "\n".join(lines)
    return f"{name} as (\n{body}\n)"
