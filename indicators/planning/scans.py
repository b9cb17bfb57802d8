"""Which table is read for each operand, and how a dimension is reached from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from indicators.measures import PERSON_KINDS, QUANTILE_KINDS, columns
from indicators.models import PERSON, Process
from indicators.planning.request import PlanError
from indicators.registry import Registry
from indicators.tables import PERSON_KEY, Kind, Table, tables


@dataclass(frozen=True)
class Scan:
    """One table read for the operands `codes`; a histogram is read for one operand at a time."""

    process: Process
    table: Table
    codes: tuple[str, ...]

    @property
    def is_snapshot(self) -> bool:
        """Only the last snapshot inside a period counts."""
        return self.process.snapshot is not None


@dataclass(frozen=True)
class Way:
    """A table by which a dimension is reached, joined many-to-one on `key` (the same name on both sides)."""

    alias: str
    table: str
    key: str


def scans(
    registry: Registry, codes: Iterable[str], names: Collection[str], modifiers: Collection[str]
) -> list[Scan]:
    """The smallest tables that hold the operands with the dimensions `names` and the modifiers' columns."""
    found: dict[tuple[str, str], list[str]] = {}
    kinds: dict[tuple[str, str], tuple[Process, Table]] = {}
    for code in codes:
        process = registry.process_of[code]
        table = _smallest(
            registry, code, _needed(registry, process, names, modifiers), _kinds(registry, code)
        )
        alone = code if registry.measures[code].kind in QUANTILE_KINDS else ""
        key = (table.name, alone)
        kinds[key] = (process, table)
        found.setdefault(key, []).append(code)
    return [Scan(*kinds[key], tuple(held)) for key, held in found.items()]


def person_scan(registry: Registry, code: str, names: Collection[str], modifiers: Collection[str]) -> Scan:
    """The person table with the flag of a code, to list who is behind it."""
    process = registry.process_of[code]
    wanted: tuple[Kind, ...] = ("person",)
    table = _smallest(registry, code, _needed(registry, process, names, modifiers), wanted)
    return Scan(process, table, (code,))


def table_of_days(registry: Registry, process: Process) -> Table:
    """The smallest table with a row for every day of the process: its last snapshot is looked up there."""
    held = stored(registry, process.process)
    summed = [table for table in held if table.kind in ("rollup", "cube")]
    return min(summed or held, key=lambda table: len(table.dims))


def way(registry: Registry, name: str) -> Way:
    """How a dimension that tables do not store is reached."""
    dimension = registry.standard.dimensions[name]
    through = dimension.through or ""
    key = PERSON_KEY if through == PERSON else registry.standard.dimensions[through].column
    return Way(f"by_{through}", dimension.table or "", key)


def stored(registry: Registry, process: str) -> list[Table]:
    """The tables of a process."""
    return _stored(registry, process)


@lru_cache(maxsize=512)
def _stored(registry: Registry, process: str) -> list[Table]:
    return tables(registry, registry.processes[process])


def _kinds(registry: Registry, code: str) -> tuple[Kind, ...]:
    """The kinds of table that a code's value is read from."""
    kind = registry.measures[code].kind
    if kind in PERSON_KINDS:
        return ("person",)
    return ("histogram",) if kind in QUANTILE_KINDS else ("rollup", "cube")


def _smallest(registry: Registry, code: str, needed: set[str], wanted: Collection[Kind]) -> Table:
    fits = [
        table
        for table in stored(registry, registry.process_of[code].process)
        if table.kind in wanted and code in table.measures and needed <= set(table.dims)
    ]
    if not fits:
        raise PlanError(f"'{code}' is stored in no table with {', '.join(sorted(needed))}.")
    return min(fits, key=lambda table: len(table.dims))


def _needed(
    registry: Registry, process: Process, names: Collection[str], modifiers: Collection[str]
) -> set[str]:
    """The stored dimensions that the cut, the filters and the modifiers read."""
    dimensions = registry.standard.dimensions
    needed = {name if name in process.dims else dimensions[name].through or "" for name in names}
    read = {column for name in modifiers for column in columns(process.modifiers[name])}
    needed |= {name for name in process.dims if dimensions[name].column in read}
    return needed - {PERSON}
