"""Which tables a business process is stored in: the compiler writes these, the planner reads them.

    cube       ind_<process>_1d             day x dimensions; a column for each count and sum
    rollup     ind_<process>_by_<dims>_1d   the same with fewer dimensions (`_total_1d` with none)
    person     ind_<process>_person_1d      day x dimensions x person; a flag for each distinct count, and for
                                            each count of rows, so that its people can be listed
    histogram  ind_<process>_histogram_1d   day x dimensions x indicator x integer value; how often

Of a process with `snapshot`, the day is the snapshot's date. What a table holds decides how it may be read:
sums of a cube over days (of a snapshot: its last day), distinct people from the person table over any days,
medians from stacked histograms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from indicators.measures import PERSON_KINDS, QUANTILE_KINDS, Measure
from indicators.models import Atomic, Process
from indicators.registry import Registry

Kind = Literal["rollup", "cube", "person", "histogram"]

DAY = "stat_date"
PERSON_KEY = "person_no"
CODE, VALUE, COUNT = "indicator_code", "value", "cnt"


@dataclass(frozen=True)
class Table:
    """A table of the schema `indicators`.

    `dims` are names of dimensions, `grain` the columns that tell its rows apart, `measures` the codes of the
    atomic indicators that it holds.
    """

    name: str
    kind: Kind
    process: str
    dims: tuple[str, ...]
    grain: tuple[str, ...]
    measures: tuple[str, ...]


def tables(registry: Registry, process: Process) -> list[Table]:
    """Every table of a process; of those that hold a measure, the one with the fewest dimensions first."""
    every = tuple(process.dims)
    found = [
        *(_table(registry, process, "rollup", tuple(dims)) for dims in sorted(process.rollups, key=len)),
        _table(registry, process, "cube", every),
        _table(registry, process, "person", every, (PERSON_KEY,)),
        _table(registry, process, "histogram", every, (CODE, VALUE)),
    ]
    return [table for table in found if table.measures]


def measured(registry: Registry, process: Process, kind: Kind) -> list[Atomic]:
    """The atomic indicators of a process that a table of this kind holds."""
    held = [item for item in process.atomic if _HOLDS[kind](registry.measures[item.code])]
    return [*held, *_listed(registry, process, held)] if kind == "person" and held else held


def counts_people(registry: Registry, item: Atomic) -> bool:
    """Is the measure one of people? Other flags of a person table only list who is behind a count."""
    return registry.measures[item.code].kind in PERSON_KINDS


def _listed(registry: Registry, process: Process, people: Sequence[Atomic]) -> list[Atomic]:
    """Counts of rows whose people no flag of `people` has: those with a condition of their own."""
    told = {item.where for item in people}
    found = {
        item.where: item
        for item in reversed(process.atomic)
        if registry.measures[item.code].kind == "count" and item.where not in told
    }
    return list(reversed(found.values()))


def _is_summed(measure: Measure) -> bool:
    return measure.kind in ("count", "sum")


_HOLDS: dict[Kind, Callable[[Measure], bool]] = {
    "rollup": _is_summed,
    "cube": _is_summed,
    "person": lambda measure: measure.kind in PERSON_KINDS,
    "histogram": lambda measure: measure.kind in QUANTILE_KINDS,
}


def _table(
    registry: Registry, process: Process, kind: Kind, dims: tuple[str, ...], more: Sequence[str] = ()
) -> Table:
    columns = [registry.standard.dimensions[name].column for name in dims]
    codes = tuple(item.code for item in measured(registry, process, kind))
    return Table(_name(process, kind, dims), kind, process.process, dims, (DAY, *columns, *more), codes)


def _name(process: Process, kind: Kind, dims: tuple[str, ...]) -> str:
    words = {
        "rollup": f"by_{'_'.join(dims)}_" if dims else "total_",
        "cube": "",
        "person": "person_",
        "histogram": "histogram_",
    }
    return f"ind_{process.process}_{words[kind]}1d"
