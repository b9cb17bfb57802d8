"""One form for each formula, whatever the spelling: one polynomial over another, with whole coefficients."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from sqlglot import exp

from indicators import formula

_Sum = dict[tuple[str, ...], Fraction]  # what is multiplied, sorted -> how often
_ONE: _Sum = {(): Fraction(1)}


@lru_cache(maxsize=4096)
def canonical_formula(text: str) -> str:
    """The formula as one sum over another: `1 * a / b` as `a / b`, `1 - a / b` as `(b - a) / b`.

    Nothing is cancelled out, so that it is null wherever the formula divides by zero.
    """
    above, below = _fraction(formula.parse(text))
    if not below:
        return formula.parse(text).sql(dialect="duckdb")  # it divides by 0
    scale = Fraction(math.lcm(*(number.denominator for number in (*above.values(), *below.values()))))
    scale /= math.gcd(*(int(number * scale) for number in (*above.values(), *below.values())))
    if below[min(below)] < 0:
        scale = -scale
    numerator, denominator = (
        _sum_text({what: n * scale for what, n in side.items()}) for side in (above, below)
    )
    if denominator == "1":
        return numerator
    numerator, denominator = (
        f"({side})" if " + " in side or " - " in side or (is_below and " * " in side) else side
        for side, is_below in ((numerator, False), (denominator, True))
    )
    return f"{numerator} / {denominator}"


def factor(text: str) -> Fraction:
    """The number that a formula multiplies what it computes by: 1000 of `1000 * a / b`, 1 of `1 - a / b`."""
    above, below = (_common(side) for side in _fraction(formula.parse(text)))
    return above / below


def _common(side: _Sum) -> Fraction:
    """The greatest number of which every term has a whole multiple."""
    scale = math.lcm(*(number.denominator for number in side.values()))
    return Fraction(math.gcd(*(int(number * scale) for number in side.values())) or 1, scale)


def _fraction(node: exp.Expr) -> tuple[_Sum, _Sum]:
    if isinstance(node, exp.Paren):
        return _fraction(node.this)
    if isinstance(node, exp.Neg):
        above, below = _fraction(node.this)
        return _times(above, {(): Fraction(-1)}), below
    if not isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div):
        return _single(node), _ONE
    (above, below), (above2, below2) = _fraction(node.this), _fraction(node.args["expression"])
    if isinstance(node, exp.Mul):
        return _times(above, above2), _times(below, below2)
    if isinstance(node, exp.Div):
        return _times(above, below2), _times(below, above2)
    if isinstance(node, exp.Sub):
        above2 = _times(above2, {(): Fraction(-1)})
    if below != below2:
        above, above2, below = _times(above, below2), _times(above2, below), _times(below, below2)
    return _plus(above, above2), below


def _single(node: exp.Expr) -> _Sum:
    if isinstance(node, exp.Literal):
        return _plus({(): Fraction(str(node.this))}, {})
    return {(node.name if isinstance(node, exp.Column) else f"{formula.DAYS}()",): Fraction(1)}


def _plus(one: _Sum, other: _Sum) -> _Sum:
    total = {what: one.get(what, Fraction(0)) + other.get(what, Fraction(0)) for what in {**one, **other}}
    return {what: number for what, number in total.items() if number}


def _times(one: _Sum, other: _Sum) -> _Sum:
    total: _Sum = {}
    for what, number in one.items():
        total = _plus(total, {tuple(sorted((*what, *more))): number * times for more, times in other.items()})
    return total


def _sum_text(side: _Sum) -> str:
    """The terms that are added, then those that are taken away."""
    text = ""
    for what, number in sorted(side.items(), key=lambda term: (term[1] < 0, term[0])):
        factors = [*([] if abs(number) == 1 and what else [str(abs(number))]), *what]
        sign = " - " if number < 0 else " + "
        text += (sign if text else sign.strip(" +")) + " * ".join(factors)
    return text or "0"
