"""Formulas of composite indicators: `+ - * /`, numbers, codes and days(), parsed with sqlglot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

DAYS = "days"
DAY_UNIT = "day"
Units = Mapping[str, int]
_BINARY: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


class FormulaError(ValueError):
    """The formula cannot be read, or its units do not fit."""


@lru_cache(maxsize=4096)
def parse(formula: str) -> exp.Expr:
    """The formula's tree. Raises FormulaError for anything but codes, numbers, brackets and `+ - * /`."""
    try:
        tree = sqlglot.parse_one(formula, dialect="duckdb")
    except SqlglotError as error:
        raise FormulaError(f"'{formula}' is not a formula") from error
    for node in tree.walk():
        if isinstance(node, (*_BINARY, exp.Paren, exp.Neg, exp.Identifier)):
            continue
        if isinstance(node, exp.Column) and not node.table:
            continue
        if isinstance(node, exp.Literal) and not node.is_string:
            continue
        if _is_days(node):
            continue
        raise FormulaError(
            f"'{node.sql()}' may not stand in a formula: only codes, numbers, days() and + - * / ( )"
        )
    return tree


def _is_days(node: exp.Expr) -> bool:
    """days(): the number of days of the period that is asked for."""
    return isinstance(node, exp.Anonymous) and str(node.this).lower() == DAYS and not node.expressions


def uses_days(formula: str) -> bool:
    """Does the formula need the number of days of the period?"""
    return any(_is_days(node) for node in parse(formula).find_all(exp.Anonymous))


def codes(formula: str) -> list[str]:
    """The codes that the formula names, each once, in the order of their first use."""
    return list(_codes(formula))


@lru_cache(maxsize=4096)
def _codes(formula: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column.name for column in parse(formula).find_all(exp.Column, bfs=False)))


def has_division(formula: str) -> bool:
    """Is the formula a ratio?"""
    return parse(formula).find(exp.Div) is not None


def render(formula: str, operand: Callable[[str], str], days: str = DAYS) -> str:
    """The formula as SQL; `operand` gives a code's SQL and `days` is that of days().

    A division by zero is null: no data, not zero.
    """
    return _render(parse(formula), operand, days)


def _render(node: exp.Expr, operand: Callable[[str], str], days: str) -> str:
    if isinstance(node, exp.Column):
        return operand(node.name)
    if isinstance(node, exp.Literal):
        return str(node.this)
    if isinstance(node, exp.Paren):
        return f"({_render(node.this, operand, days)})"
    if isinstance(node, exp.Neg):
        return f"-{_render(node.this, operand, days)}"
    if type(node) not in _BINARY:
        return days
    left = _render(node.args["this"], operand, days)
    right = _render(node.args["expression"], operand, days)
    divided = f"nullif({right}, 0)" if isinstance(node, exp.Div) else right
    return f"{left} {_BINARY[type(node)]} {divided}"


def parse_unit(unit: str, dimensionless: frozenset[str]) -> Units:
    """`EUR/lead` as {EUR: 1, lead: -1}, `person*day` as {day: 1, person: 1}; dimensionless words vanish."""
    above, _, below = unit.partition("/")
    counted: Counter[str] = Counter()
    for side, sign in ((above, 1), (below, -1)):
        for word in side.split("*"):
            if word and word not in dimensionless:
                counted[word] += sign
    return _plain(counted)


def unit_words(unit: str) -> list[str]:
    """The words that a unit is made of."""
    return [word for side in unit.split("/") for word in side.split("*")]


def unit_of(formula: str, unit: Callable[[str], Units]) -> Units:
    """The formula's unit by algebra. Raises FormulaError where unlike units are added or subtracted."""
    return _unit(parse(formula), unit)


def _unit(node: exp.Expr, unit: Callable[[str], Units]) -> Units:
    if isinstance(node, exp.Column):
        return unit(node.name)
    if isinstance(node, exp.Literal):
        return {}
    if _is_days(node):
        return {DAY_UNIT: 1}
    if isinstance(node, exp.Paren | exp.Neg):
        return _unit(node.this, unit)
    left, right = _unit(node.args["this"], unit), _unit(node.args["expression"], unit)
    if isinstance(node, exp.Add | exp.Sub):
        if left != right:
            raise FormulaError(f"'{node.sql()}' adds or subtracts {show_unit(left)} and {show_unit(right)}")
        return left
    sign = -1 if isinstance(node, exp.Div) else 1
    total = Counter(left)
    for word, power in right.items():
        total[word] += sign * power
    return _plain(total)


def _plain(counted: Counter[str]) -> Units:
    return {word: power for word, power in sorted(counted.items()) if power}


def show_unit(units: Units) -> str:
    """{EUR: 1, lead: -1} as `EUR/lead`; nothing as `ratio`."""
    above = "*".join(word for word, power in units.items() for _ in range(max(power, 0)))
    below = "*".join(word for word, power in units.items() for _ in range(max(-power, 0)))
    if not above and not below:
        return "ratio"
    return f"{above or '1'}/{below}" if below else above
