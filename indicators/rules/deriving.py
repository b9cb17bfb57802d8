"""Rules about what is generated: periods, modifiers, compares, and named derived indicators."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.codes import POINTS, generate
from indicators.models import Derived, Process
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.naming import MAX_CODE


def _entries(registry: Registry) -> Iterator[tuple[Process, Derived]]:
    for process in registry.all_processes:
        for entry in process.derived:
            yield process, entry


@rule("D01", "correct the code, or define the indicator first")
def derived_from_known(registry: Registry) -> Iterator[At]:
    """Indicators are derived from atomic and composite codes that exist."""
    for _, entry in _entries(registry):
        for code in entry.of:
            if code not in registry.bases:
                yield At(entry.origin, f"'{code}' does not exist")


@rule("D02", "use a registered period")
def period_is_registered(registry: Registry) -> Iterator[At]:
    """Every period is registered."""
    for _, entry in _entries(registry):
        for period in entry.periods:
            if period not in registry.standard.periods:
                yield At(entry.origin, f"the period '{period}' is not registered")


@rule("D03", "use a registered compare, with _pp for a difference in points")
def compare_is_registered(registry: Registry) -> Iterator[At]:
    """Every compare is registered."""
    for _, entry in _entries(registry):
        for compare in entry.compare:
            if compare.removesuffix(POINTS) not in registry.standard.compares:
                yield At(entry.origin, f"the compare '{compare}' is not registered")


@rule("D04", "compare counts and amounts relatively, without _pp")
def points_are_of_ratios(registry: Registry) -> Iterator[At]:
    """A difference in percentage points is one of dimensionless ratios."""
    for _, entry in _entries(registry):
        for code in entry.of:
            base = registry.bases.get(code)
            if base and base.unit != "ratio" and any(name.endswith(POINTS) for name in entry.compare):
                yield At(entry.origin, f"'{code}' is in {base.unit}: it has no percentage points")


@rule("D05", "define it under `modifiers` of every process that the indicator reads")
def modifier_is_defined(registry: Registry) -> Iterator[At]:
    """A modifier is defined in every process that the indicator is read from."""
    for _, entry in _entries(registry):
        for name in entry.modifiers:
            for code in entry.of:
                home = registry.process_of.get(code)
                if home and name not in home.modifiers:
                    yield At(entry.origin, f"the modifier '{name}' is not defined where '{code}' is")


@rule("D06", "shorten the base code or the modifier")
def generated_code_is_short(registry: Registry) -> Iterator[At]:
    """A generated code has at most 64 characters."""
    for _, entry in _entries(registry):
        long = next((str(code) for code in generate(entry) if len(str(code)) > MAX_CODE), None)
        if long:
            yield At(entry.origin, f"'{long}' has {len(long)} characters")


@rule("D07", "leave it in one of the entries")
def generated_once(registry: Registry) -> Iterator[At]:
    """No indicator is generated twice."""
    seen: dict[str, Derived] = {}
    for _, entry in _entries(registry):
        for code in map(str, generate(entry)):
            if code in seen:
                yield At(entry.origin, f"'{code}' is generated at {seen[code].origin} already")
                break
            seen[code] = entry


@rule("D08", "name a generated code, e.g. app_uv_30d")
def named_is_generated(registry: Registry) -> Iterator[At]:
    """A named indicator is a word for a generated one."""
    for item in registry.named.values():
        if item.of not in registry.derived:
            yield At(item.origin, f"'{item.code}' stands for '{item.of}', which is not generated")


@rule("D09", "take another name: it could not be told from a period or a compare")
def modifier_is_no_period(registry: Registry) -> Iterator[At]:
    """A modifier is not called like a period, a compare or a root of codes."""
    standard = registry.standard
    taken = {*standard.periods, *standard.compares, *standard.roots.measure, POINTS.strip("_")}
    for process in registry.all_processes:
        for name in process.modifiers:
            if name in taken or "_" in name:
                yield At(process.origin, f"the modifier '{name}' of {process.process} cannot stand in a code")
