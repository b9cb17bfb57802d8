"""The change of a product, taken apart exactly into the effects of its factors.

Logarithmic mean Divisia index, additive (LMDI-I; B. W. Ang, "The LMDI approach to decomposition analysis: a
practical guide", Energy Policy 33, 2005): for y = a * b * ... the effect of a is L(y1, y0) * ln(a1 / a0),
where L(u, v) = (u - v) / ln(u / v). The effects sum to the change, no order of the factors has to be chosen,
and the effect of a product of factors is the sum of theirs.

Zeros: where y is 0 in one of the periods, the factor that is 0 there takes the whole change (the limit of the
formula as it goes to 0). A factor that is not defined (its denominator is 0, or a part has no data) is taken
together with its neighbour, until what is left is defined: the effects of both are then one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Powers = Mapping[str, int]  # a product of codes: {"card_cnt": 1, "lead_cnt": -1}
Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Factor:
    """A factor of the product: its name, and the codes that it is made of."""

    name: str
    powers: Powers


@dataclass(frozen=True)
class Effect:
    """What a factor (or several that only together are defined) did to the change.

    `before` and `now` are the factor's values; `change` has the unit of the product.
    """

    factors: tuple[str, ...]
    before: float
    now: float
    change: float


@dataclass(frozen=True)
class Decomposition:
    """A product before and now, and the effects in the order of the factors; `change` is their sum.

    Without a value in one of the periods there is no change to take apart: `effects` is empty.
    """

    before: float | None
    now: float | None
    effects: tuple[Effect, ...]

    @property
    def change(self) -> float | None:
        """now - before; None without data."""
        return None if self.before is None or self.now is None else self.now - self.before


def decompose(factors: Sequence[Factor], before: Values, now: Values, code: str) -> Decomposition:
    """Take the change of `code` apart; the product of `factors` is `code`.

    Raises ValueError where a value is negative: a logarithm has no room for it.
    """
    for values in (before, now):
        if any((values.get(name) or 0) < 0 for factor in factors for name in factor.powers):
            raise ValueError("a change can only be taken apart into factors that are not negative")
    y0, y1 = before.get(code), now.get(code)
    if y0 is None or y1 is None:
        return Decomposition(y0, y1, ())
    groups = _defined([_Group((one.name,), dict(one.powers)) for one in factors], before, now)
    parts = [(group, _value(group.powers, before), _value(group.powers, now)) for group in groups]
    changes = _changes([(x0 or 0.0, x1 or 0.0) for _, x0, x1 in parts], y0, y1)
    effects = tuple(
        Effect(group.names, x0 or 0.0, x1 or 0.0, change)
        for (group, x0, x1), change in zip(parts, changes, strict=True)
    )
    return Decomposition(y0, y1, effects)


@dataclass
class _Group:
    """Neighbouring factors taken together."""

    names: tuple[str, ...]
    powers: dict[str, int]


def logarithmic_mean(a: float, b: float) -> float:
    """(a - b) / ln(a / b) of two positive numbers; a itself where both are the same."""
    return a if a == b else (a - b) / math.log(a / b)


def _changes(pairs: Sequence[tuple[float, float]], y0: float, y1: float) -> list[float]:
    change = y1 - y0
    if change == 0 and 0 in (y0, y1):
        return [0.0] * len(pairs)
    if 0 in (y0, y1):
        gone = next(i for i, (x0, x1) in enumerate(pairs) if 0 in (x0, x1))
        return [change if i == gone else 0.0 for i in range(len(pairs))]
    weight = logarithmic_mean(y1, y0)
    found = [weight * math.log(x1 / x0) for x0, x1 in pairs]
    largest = max(range(len(found)), key=lambda i: abs(found[i]))
    found[largest] += change - math.fsum(found)  # what floating point left over: 1e-16 of the value
    return found


def _defined(groups: list[_Group], before: Values, now: Values) -> list[_Group]:
    """The groups, merged until each has a value in both periods.

    What is missing below the line stands above it in the factor before, and the other way round.
    """
    while len(groups) > 1:
        missing = [_missing(one.powers, before) or _missing(one.powers, now) for one in groups]
        at = next((i for i, side in enumerate(missing) if side), None)
        if at is None:
            break
        left = min(max(at - 1 if missing[at] < 0 else at, 0), len(groups) - 2)
        groups[left : left + 2] = [_together(groups[left], groups[left + 1])]
    return groups


def _together(one: _Group, other: _Group) -> _Group:
    powers = {
        name: one.powers.get(name, 0) + other.powers.get(name, 0) for name in {**one.powers, **other.powers}
    }
    return _Group(one.names + other.names, {name: power for name, power in powers.items() if power})


def _missing(powers: Powers, values: Values) -> int:
    """Where a product is not defined: -1 below the line, 1 above it, 0 nowhere."""
    for name, power in powers.items():
        if values.get(name) is None:
            return 1 if power > 0 else -1
        if power < 0 and values[name] == 0:
            return -1
    return 0


def _value(powers: Powers, values: Values) -> float | None:
    if _missing(powers, values):
        return None
    return math.prod(float(values[name] or 0) ** power for name, power in powers.items())
