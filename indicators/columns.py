"""Which columns of its fact an atomic indicator reads, and what for: where lineage to the sources begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from indicators import measures
from indicators.measures import PERSON_KINDS
from indicators.models import Process
from indicators.registry import Registry

Role = Literal["measure", "person", "condition", "day"]


@dataclass(frozen=True)
class FactColumn:
    """A column of the fact `model` and its part in the indicator. `name` is `*` where rows are asked for."""

    model: str
    name: str
    role: Role


def fact_columns(registry: Registry, code: str) -> list[FactColumn]:
    """The columns that an atomic indicator reads, the measure's first, each once in each role."""
    item, process, measure = registry.atomics[code], registry.process_of[code], registry.measures[code]
    counted: Role = "person" if measure.kind in PERSON_KINDS else "measure"
    read, flags = _of_conditions(process, [text for text in (process.filter, item.where) if text])
    found = [
        *(FactColumn(process.model, name, counted) for name in sorted(measure.columns)),
        *(FactColumn(process.model, name, "condition") for name in sorted(read)),
        *(FactColumn(model, "*", "condition") for model in sorted(flags)),
        FactColumn(process.model, process.time, "day"),
    ]
    return list(dict.fromkeys(found))


def _of_conditions(process: Process, texts: list[str]) -> tuple[set[str], set[str]]:
    """Columns and models (of has_rows) that conditions read, named conditions followed."""
    columns: set[str] = set()
    models: set[str] = set()
    for text in texts:
        models |= {model for _, model in measures.presence(text)}
        for name in measures.columns(text):
            if name in process.conditions:
                inner, inner_models = _of_conditions(process, [process.conditions[name]])
                columns |= inner
                models |= inner_models
            else:
                columns.add(name)
    return columns, models
