"""Quality gates: what must hold before an indicator's numbers are shown without a word, or at all.

A gate is a dbt test by name, or the greatest age of a source's data. A composite stands behind the gates of
all its operands. Whether a gate holds is judged in dbt (`srv_indicator_status`), from the seed written here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Literal

from indicators.lookup import resolve
from indicators.models import Atomic, Process, hours
from indicators.registry import Registry, indicators_of

GATE_SEED = "indicator_gate"
Action = Literal["withhold", "warn"]


@dataclass(frozen=True)
class Gate:
    """A condition on an indicator's numbers, and what follows where it is broken.

    `gate` is the dbt test's name, or `<source> data` for the age of a source's last load, of which
    `max_age_hours` is the greatest that is allowed (None for a test).
    """

    code: str
    gate: str
    kind: Literal["test", "age"]
    action: Action
    source: str
    max_age_hours: float | None = None


def gates(registry: Registry, code: str) -> list[Gate]:
    """The gates of a code: its operands' and their processes', each once, withholding ones first."""
    base = resolve(registry, code).base
    found = {
        gate
        for operand in registry.operands(base)
        for gate in _of_operand(code, registry.process_of[operand], registry.atomics[operand])
    }
    return sorted(
        found, key=lambda gate: (gate.action == "warn", gate.kind, gate.gate, gate.max_age_hours or 0)
    )


def _of_operand(code: str, process: Process, item: Atomic) -> Iterator[Gate]:
    tests: tuple[tuple[Action, list[str]], ...] = (
        ("withhold", [*process.gates, *item.gates]),
        ("warn", [*process.warns, *item.warns]),
    )
    for action, names in tests:
        yield from (Gate(code, name, "test", action, process.source) for name in names)
    ages: tuple[tuple[Action, str | None], ...] = (
        ("withhold", process.withhold_after),
        ("warn", process.fresh_within),
    )
    for action, age in ages:
        if age:
            yield Gate(code, f"{process.source} data", "age", action, process.source, hours(age))


def gate_seed(registry: Registry) -> str:
    """Every gate of every written indicator as CSV, one line each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Gate)], lineterminator="\n")
    writer.writeheader()
    codes = (item.code for process in registry.all_processes for item in indicators_of(process))
    for gate in (gate for code in sorted(codes) for gate in gates(registry, code)):
        writer.writerow({key: "" if value is None else value for key, value in asdict(gate).items()})
    return text.getvalue()
