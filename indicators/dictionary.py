"""The dictionary: every indicator as data, and any code explained in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from indicators import formula, periods
from indicators.codes import POINTS, DerivedCode
from indicators.lookup import resolve
from indicators.models import Atomic, Composite, Indicator, Named
from indicators.planning.request import RATIO
from indicators.registry import Registry, indicators_of

ADDITIVITY_WORDS = {
    "+": "additive: parts are summed",
    "S": "semi-additive: summed over dimensions, the last snapshot over time",
    "U": "distinct people: counted anew in every cut, never summed",
    "R": "ratio: operands are reduced first, each by its own class, then divided",
    "M": "median or percentile: read off the stacked histogram",
}
COMPARED_WORDS = "comparison: both periods are computed, then compared; never summed"


@dataclass(frozen=True)
class Node:
    """A line of the formula tree: a code, what it is, and what it is made of."""

    code: str
    text: str
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """An indicator in words. `facts` are label and text, in the order in which they read well."""

    code: str
    title: str
    facts: dict[str, str] = field(default_factory=dict)
    tree: Node | None = None

    def lines(self) -> list[str]:
        """The explanation as plain lines."""
        width = max(map(len, self.facts), default=0)
        lines = [f"{self.code}: {self.title}", *(f"  {k.ljust(width)}  {v}" for k, v in self.facts.items())]
        return lines + (_tree_lines(self.tree, 1) if self.tree else [])


def catalogue(registry: Registry) -> list[dict[str, Any]]:
    """One row for each written indicator, ordered by id; the keys are the catalogue's columns."""
    generated = Counter(code.base for code in registry.derived.values())
    items = [item for process in registry.all_processes for item in indicators_of(process)]
    return [_row(registry, item, generated) for item in sorted(items, key=lambda item: item.id)]


def _row(registry: Registry, item: Indicator, generated: Counter[str]) -> dict[str, Any]:
    base = resolve(registry, item.code).base if isinstance(item, Named) else item.code
    return {
        "code": item.code,
        "indicator_id": item.id,
        "name_en": item.name.en,
        "name_zh": item.name.zh,
        "kind": "derived" if isinstance(item, Named) else type(item).__name__.lower(),
        "process": registry.process_of[item.code].process,
        "source": registry.process_of[item.code].source,
        "grain": " x ".join(registry.process_of[item.code].grain),
        "stage": item.stage,
        "owner": item.owner,
        "unit": unit_of(registry, base),
        "additivity": registry.additivity(base),
        "definition": definition(registry, item),
        "dims": ",".join(reachable(registry, base)),
        "matures_days": registry.matures(base),
        "status": item.status,
        "replaced_by": item.replaced_by,
        "version": item.version,
        "derived_cnt": generated[item.code],
        "note": item.note,
    }


def definition(registry: Registry, item: Indicator) -> str:
    """How the indicator is computed, on one line."""
    if isinstance(item, Atomic):
        process = registry.process_of[item.code]
        conditions = " and ".join(text for text in (process.filter, item.where) if text)
        return f"{item.measure} of {process.model}" + (f" where {conditions}" if conditions else "")
    return item.formula if isinstance(item, Composite) else item.of  # type: ignore[attr-defined]


def unit_of(registry: Registry, base: str) -> str:
    """The unit of an atomic or composite indicator."""
    return registry.bases[base].unit


def reachable(registry: Registry, base: str) -> list[str]:
    """The dimensions by which every operand of a code can be cut, in the standard's order."""
    return registry.reachable(base)


def explain(registry: Registry, code: str) -> Explanation:
    """A code in words: definition, period, formula tree. Raises UnknownCode with near matches."""
    derived = resolve(registry, code)
    base = registry.bases[derived.base]
    item = registry.indicator(code) or base
    process = registry.process_of[base.code]
    facts = {
        "Chinese": item.name.zh,
        "id": item.id,
        "definition": definition(registry, base),
        **_period_facts(registry, derived),
        "unit": _unit(derived, base.unit),
        "additivity": COMPARED_WORDS if derived.compare else _additivity(registry, base.code),
        "by": ", ".join(reachable(registry, base.code)) or "day only",
        "stage": item.stage,
        "owner": f"{item.owner} <{registry.standard.owners.get(item.owner, '?')}>",
        "status": f"{item.status}, version {item.version}",
        "written in": f"indicators/registry/{item.origin}",
        "process": f"{process.process}, one row for each {' x '.join(process.grain)} of {process.model}",
    }
    matures = registry.matures(base.code)
    if matures:
        facts["matures"] = (
            f"{matures} days after the statistical date; younger cohorts are left out and marked"
        )
    if registry.whole_months(base.code):
        facts["asked for"] = "whole months only"
    if item.note:
        facts["note"] = item.note
    return Explanation(code, item.name.en, facts, formula_tree(registry, base.code))


def _unit(derived: DerivedCode, own: str) -> str:
    """The unit of the value: a comparison has none of its own, or is in points."""
    if not derived.compare:
        return own
    if not derived.compare.endswith(POINTS):
        return RATIO
    return "percentage points" if own == RATIO else own


def _additivity(registry: Registry, code: str) -> str:
    """The class in words, with what is divided where that is not sums, and that it is sampled."""
    words = ADDITIVITY_WORDS[registry.additivity(code)]
    mark = registry.additivity_mark(code)
    return words if mark == registry.additivity(code) else f"{mark}, {words}"


def _period_facts(registry: Registry, derived: DerivedCode) -> dict[str, str]:
    facts = {}
    if derived.period:
        facts["period"] = f"{derived.period}: {periods.describe(derived.period)}"
    process = registry.process_of[derived.base]
    for name in derived.modifiers:
        facts[f"only {name}"] = process.modifiers[name]
    if derived.compare:
        against = periods.COMPARE_WORDS[derived.compare.removesuffix(POINTS)]
        how = "difference in percentage points" if derived.compare.endswith(POINTS) else "relative change"
        facts["compare"] = f"{how} against {against}"
    return facts


def formula_tree(registry: Registry, code: str) -> Node:
    """A base code and below it, down to the atomic ones, what it is made of."""
    base = registry.bases[code]
    if isinstance(base, Atomic):
        return Node(code, f"{base.name.en} [{base.unit}] = {definition(registry, base)}")
    children = tuple(formula_tree(registry, inner) for inner in formula.codes(base.formula))
    return Node(code, f"{base.name.en} [{base.unit}] = {base.formula}", children)


def _tree_lines(node: Node, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}{node.code}: {node.text}"]
    return lines + [line for child in node.children for line in _tree_lines(child, depth + 1)]
