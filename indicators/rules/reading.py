"""What several rules need: formulas that can be read, and whether one measure counts a part of another."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from indicators import formula
from indicators.digest import canonical_condition
from indicators.formula import FormulaError
from indicators.measures import ConditionError, columns, parse_condition
from indicators.models import Atomic, Composite
from indicators.registry import Registry


def readable(registry: Registry) -> Iterator[tuple[Composite, list[str]]]:
    """The composites whose formula can be read, with the codes in it."""
    for item in registry.composites.values():
        try:
            yield item, formula.codes(item.formula)
        except FormulaError:
            continue


def sound(registry: Registry) -> Iterator[tuple[Composite, list[str]]]:
    """The composites whose whole tree can be read, is known and is no circle, with their codes."""
    for code, item in registry.composites.items():
        if code in registry.computable:
            yield item, formula.codes(item.formula)


def reaches(registry: Registry, code: str, goal: str, seen: set[str]) -> bool:
    """Does the formula of `code` lead to `goal`?"""
    if code not in registry.composites or code in seen:
        return False
    seen.add(code)
    try:
        named = formula.codes(registry.composites[code].formula)
    except FormulaError:
        return False
    return goal in named or any(reaches(registry, inner, goal, seen) for inner in named)


def whole_condition(registry: Registry, item: Atomic) -> str:
    """A measure's condition with the process's named conditions written out."""
    text = item.where or ""
    try:
        named = columns(text) if text else set()
    except ConditionError:
        return ""
    process = registry.process_of[item.code]
    return " and ".join([text, *(process.conditions[name] for name in named if name in process.conditions)])


def is_part(registry: Registry, part: str, whole: str) -> bool:
    """Does `part` measure rows of `whole` only: same process and measure, conditions that imply its own?"""
    one, other = registry.atomics.get(part), registry.atomics.get(whole)
    if one is None or other is None or one.measure != other.measure:
        return False
    process = registry.process_of[part]
    if process is not registry.process_of[whole]:
        return False
    have = canonical_condition(process, one.where)
    wanted = canonical_condition(process, other.where)
    return all(want in have or any(_implies(given, want) for given in have) for want in wanted)


def _implies(given: str, want: str) -> bool:
    """Is the second condition true wherever the first is? Knows lists of values and `is not null`."""
    have, wish = parse_condition(given), parse_condition(want)
    if isinstance(wish, exp.In) and isinstance(have, exp.EQ | exp.In) and have.this == wish.this:
        allowed = wish.expressions
        chosen = have.expressions if isinstance(have, exp.In) else [have.expression]
        return bool(allowed) and all(value in allowed for value in chosen)
    if (
        isinstance(wish, exp.Not)
        and isinstance(wish.this, exp.Is)
        and isinstance(wish.this.expression, exp.Null)
    ):
        return _is_false_of_null(have, wish.this.this)
    return False


def _is_false_of_null(condition: exp.Expr, column: exp.Expr) -> bool:
    """Is the condition never true where the column is null?"""
    if isinstance(condition, exp.Column):
        return condition == column
    if isinstance(condition, exp.Not):
        return isinstance(condition.this, exp.Column) and condition.this == column
    if isinstance(condition, exp.EQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.NEQ):
        return any(side == column for side in (condition.this, condition.expression))
    return isinstance(condition, exp.In) and condition.this == column
