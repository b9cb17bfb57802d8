"""Codes of derived indicators: `<base>[_<modifier>]*_<period>[_<compare>]`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from indicators import periods
from indicators.models import Derived

POINTS = "_pp"


@dataclass(frozen=True)
class DerivedCode:
    """A derived indicator taken apart. `compare` is one of the standard's compares, with `_pp` for points."""

    base: str
    period: str
    modifiers: tuple[str, ...] = ()
    compare: str | None = None

    def __str__(self) -> str:
        return "_".join([self.base, *self.modifiers, self.period, *([self.compare] if self.compare else [])])


def generate(derived: Derived) -> Iterator[DerivedCode]:
    """Every indicator of an entry: codes x (none, each modifier) x periods x (none, each compare).

    A period and a comparison that do not line up (`mtd` against a week before) make none.
    """
    modifiers = [(), *((name,) for name in derived.modifiers)]
    compares = [None, *derived.compare]
    for base, modifier, period, compare in product(derived.of, modifiers, derived.periods, compares):
        if compare is None or periods.lines_up(period, compare.removesuffix(POINTS)):
            yield DerivedCode(base, period, modifier, compare)


def parse_code(
    code: str,
    bases: Collection[str],
    modifiers: Collection[str],
    periods: Collection[str],
    compares: Collection[str],
) -> DerivedCode | None:
    """Take a derived code apart; None where it is not one. The longest base wins, so the answer is unique."""
    rest, compare = _strip_compare(code, compares)
    head, _, period = rest.rpartition("_")
    if not head or period not in periods:
        return None
    found: list[str] = []
    while head not in bases:
        head, _, modifier = head.rpartition("_")
        if not head or modifier not in modifiers:
            return None
        found.append(modifier)
    return DerivedCode(head, period, tuple(reversed(found)), compare)


def _strip_compare(code: str, compares: Collection[str]) -> tuple[str, str | None]:
    points = code.endswith(POINTS)
    rest, _, last = code.removesuffix(POINTS).rpartition("_")
    if last in compares:
        return rest, last + (POINTS if points else "")
    return code, None
