"""The registry as a whole: every indicator by its code, the derived ones generated, formulas expanded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from indicators import formula
from indicators.codes import DerivedCode, generate
from indicators.facts import Facts
from indicators.loading import REGISTRY_FOLDER, Finding, load_folder
from indicators.measures import PERSON_KINDS, QUANTILE_KINDS, Measure, parse_measure
from indicators.models import (
    PERSON,
    Atomic,
    Composite,
    Derived,
    DriverTree,
    Indicator,
    Named,
    Process,
    Released,
    Standard,
)


class RegistryError(ValueError):
    """The registry cannot be read; `findings` say where and why."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__("the indicator registry cannot be read:\n" + "\n".join(str(f) for f in findings))


class Registry:
    """Lookups over the naming standard and the processes. Built whole, never changed."""

    def __init__(
        self,
        standard: Standard,
        processes: list[Process],
        released: Mapping[str, Released] | None = None,
        drivers: Mapping[str, DriverTree] | None = None,
        facts: Facts | None = None,
    ):
        self.standard = standard
        self.facts = facts
        self.released = dict(released or {})
        self.drivers = dict(drivers or {})
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
        return {text: code for _, text, code in self.generated}

    @cached_property
    def generated(self) -> list[tuple[Derived, str, DerivedCode]]:
        """Every generated indicator with its entry and its code, twins included."""
        return [
            (entry, str(code), code)
            for process in self.all_processes
            for entry in process.derived
            for code in generate(entry)
        ]

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

    def modifier_version(self, name: str) -> int:
        """Which meaning of a modifier this is: 1 until the standard says more."""
        return self.standard.modifier_versions.get(name, 1)

    @cached_property
    def bases(self) -> dict[str, Atomic | Composite]:
        """Atomic and composite indicators: what a derived one may be derived from."""
        return {**self.atomics, **self.composites}

    @cached_property
    def computable(self) -> frozenset[str]:
        """Codes whose whole formula tree can be read, is known and is no circle."""
        return frozenset(code for code in self.bases if self._is_computable(code, frozenset()))

    def _is_computable(self, code: str, above: frozenset[str]) -> bool:
        if code in self.atomics:
            return True
        if code not in self.composites or code in above:
            return False
        try:
            named = formula.codes(self.composites[code].formula)
        except formula.FormulaError:
            return False
        return bool(named) and all(self._is_computable(inner, above | {code}) for inner in named)

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

    def render(self, code: str, operand: str = "{}", days: str = formula.DAYS) -> str:
        """A code as SQL over its atomic operands; `operand` is a pattern for an operand's column.

        `days` is the SQL of days(), the number of days of the period.
        """
        if code in self.atomics:
            return operand.format(code)
        return formula.render(
            self.composites[code].formula,
            lambda inner: (
                operand.format(inner) if inner in self.atomics else f"({self.render(inner, operand, days)})"
            ),
            days,
        )

    def uses_days(self, code: str) -> bool:
        """Does days() stand anywhere in the formula tree?"""
        item = self.composites.get(code)
        return item is not None and (
            formula.uses_days(item.formula) or any(self.uses_days(c) for c in formula.codes(item.formula))
        )

    def unit(self, code: str) -> str:
        """The unit of an atomic or composite indicator."""
        return self.bases[code].unit

    def matures(self, code: str) -> int | None:
        """Days until a value of this code is final; None where it is final on the day."""
        days = [days for days in (self.atomics[a].matures for a in self.operands(code)) if days]
        return max(days, default=None)

    def whole_months(self, code: str) -> bool:
        """Does the code, or anything that it is computed from, mean something over whole months only?"""
        if self.bases[code].whole:
            return True
        item = self.composites.get(code)
        return item is not None and any(self.whole_months(inner) for inner in formula.codes(item.formula))

    def additivity(self, code: str) -> str:
        """How values of parts make the value of the whole.

        `+` they are summed; `S` summed over dimensions, the last snapshot over time; `U` distinct people,
        counted anew; `R` ratio of operands that are each reduced by their own class; `M` median or
        percentile, from the stacked histograms.
        """
        if code in self.atomics:
            return self._atomic_class(code)
        classes = [self.additivity(operand) for operand in self.operands(code)]
        if self.is_ratio(code) or self.uses_days(code):
            return "R"
        return next((letter for letter in "MUS" if letter in classes), "+")

    def _atomic_class(self, code: str) -> str:
        kind = self.measures[code].kind
        if kind in PERSON_KINDS:
            return "U"
        if kind in QUANTILE_KINDS:
            return "M"
        return "S" if self.process_of[code].snapshot else "+"

    def additivity_mark(self, code: str) -> str:
        """The class as the catalogue writes it: `R(S/+)` says what is divided, ` G` that it is sampled."""
        letter = self.additivity(code)
        classes = list(dict.fromkeys(self.additivity(operand) for operand in self.operands(code)))
        inner = "" if letter != "R" or classes == ["+"] else f"({'/'.join(classes)})"
        sampled = all(self.process_of[operand].sampled for operand in self.operands(code))
        return letter + inner + (" G" if sampled else "")

    def snapshot(self, code: str) -> str | None:
        """How often an atomic indicator's fact is a snapshot (day, week, month); None where it is not one."""
        return self.process_of[code].snapshot

    def reachable(self, code: str) -> list[str]:
        """The dimensions by which every operand of a code can be cut, in the standard's order.

        An attribute of people (`through: person`) cuts a code whose operands are all counts of people.
        """
        operands = self.operands(code)
        is_people = all(self.measures[operand].kind in PERSON_KINDS for operand in operands)
        held = [self.process_of[operand].dims for operand in operands]
        return [
            name
            for name, dimension in self.standard.dimensions.items()
            if (dimension.through == PERSON and is_people)
            or all(name in dims or (dimension.through or "") in dims for dims in held)
        ]

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
    return Registry(loaded.standard, loaded.processes, loaded.released, loaded.drivers)
