"""The registry as a whole: every indicator by its code, the derived ones generated, formulas expanded."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path

from indicators import formula
from indicators.codes import DerivedCode, generate
from indicators.loading import REGISTRY_FOLDER, Finding, load_folder
from indicators.measures import Measure, parse_measure
from indicators.models import Atomic, Composite, Indicator, Named, Process, Standard


class RegistryError(ValueError):
    """The registry cannot be read; `findings` say where and why."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__("the indicator registry cannot be read:\n" + "\n".join(str(f) for f in findings))


class Registry:
    """Lookups over the naming standard and the processes. Built whole, never changed."""

    def __init__(self, standard: Standard, processes: list[Process]):
        self.standard = standard
        self.processes = {process.process: process for process in processes}
        self.all_processes = processes
        self.process_of: dict[str, Process] = {}
        self.atomics: dict[str, Atomic] = {}
        self.composites: dict[str, Composite] = {}
        self.named: dict[str, Named] = {}
        for process in processes:
            self.atomics.update({item.code: item for item in process.atomic})
            self.composites.update({item.code: item for item in process.composite})
            self.named.update({item.code: item for item in process.named})
            for item in indicators_of(process):
                self.process_of.setdefault(item.code, process)

    @cached_property
    def derived(self) -> dict[str, DerivedCode]:
        """Every generated indicator by its code."""
        return {
            str(code): code
            for process in self.all_processes
            for entry in process.derived
            for code in generate(entry)
        }

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """The parsed measure of each atomic indicator."""
        return {code: parse_measure(item.measure) for code, item in self.atomics.items()}

    @cached_property
    def modifiers(self) -> dict[str, set[str]]:
        """The processes that define each modifier."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for process in self.all_processes:
            for name in process.modifiers:
                found[name].add(process.process)
        return dict(found)

    @cached_property
    def bases(self) -> dict[str, Atomic | Composite]:
        """Atomic and composite indicators: what a derived one may be derived from."""
        return {**self.atomics, **self.composites}

    def indicator(self, code: str) -> Indicator | None:
        """The indicator that was written under this code; None for generated and unknown ones."""
        return self.bases.get(code) or self.named.get(code)

    def operands(self, code: str) -> list[str]:
        """The atomic codes that a code comes down to, each once; itself for an atomic one."""
        if code in self.atomics:
            return [code]
        return list(
            dict.fromkeys(a for c in formula.codes(self.composites[code].formula) for a in self.operands(c))
        )

    def render(self, code: str, operand: str = "{}") -> str:
        """A code as SQL over its atomic operands; `operand` is a pattern for an operand's column."""
        if code in self.atomics:
            return operand.format(code)
        return formula.render(
            self.composites[code].formula,
            lambda inner: (
                operand.format(inner) if inner in self.atomics else f"({self.render(inner, operand)})"
            ),
        )

    def matures(self, code: str) -> int | None:
        """Days until a value of this code is final; None where it is final on the day."""
        days = [days for days in (self.atomics[a].matures for a in self.operands(code)) if days]
        return max(days, default=None)

    def additivity(self, code: str) -> str:
        """`+` additive, `U` distinct count, `R` ratio."""
        if code in self.atomics:
            return "U" if self.measures[code].kind == "distinct" else "+"
        return "R" if self.is_ratio(code) else "+"

    def is_ratio(self, code: str) -> bool:
        """Does a division stand anywhere in the formula tree?"""
        item = self.composites.get(code)
        if item is None:
            return False
        return formula.has_division(item.formula) or any(
            self.is_ratio(c) for c in formula.codes(item.formula)
        )


def indicators_of(process: Process) -> list[Indicator]:
    """What is written out in a process: atomic, composite and named indicators."""
    return [*process.atomic, *process.composite, *process.named]


def load_registry(folder: Path = REGISTRY_FOLDER) -> Registry:
    """Read the registry. Raises RegistryError with every finding where a file cannot be read."""
    loaded = load_folder(folder)
    if loaded.standard is None or loaded.findings:
        raise RegistryError(loaded.findings)
    return Registry(loaded.standard, loaded.processes)
