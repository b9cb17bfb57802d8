"""One form for each condition, whatever the spelling: what digests and comparisons look at.

`not` goes down to what it is said of, which loses nothing (in a condition null is as good as false);
brackets, order, repetition, constants and the spelling of lists and comparisons go. `polynomial` does the
same for formulas.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from sqlglot import exp

from indicators.measures import parse_condition

NEVER = "FALSE"
_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class _Said:
    """Something that is true or false of a row, or its opposite."""

    text: str
    holds: bool = True

    def __str__(self) -> str:
        return self.text if self.holds else f"NOT {self.text}"


@dataclass(frozen=True)
class _Compared:
    left: str
    sign: str
    right: str

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True)
class _Among:
    """A value in a list, or in none of it; a list of one is an equality."""

    what: str
    values: frozenset[str]
    holds: bool = True

    def __str__(self) -> str:
        if len(self.values) == 1:
            return f"{self.what} {'=' if self.holds else '<>'} {next(iter(self.values))}"
        text = f"{self.what} IN ({', '.join(sorted(self.values))})"
        return text if self.holds else f"NOT {text}"


@dataclass(frozen=True)
class _Joined:
    is_and: bool
    parts: frozenset[_Part]

    def __str__(self) -> str:
        texts = sorted(f"({part})" if isinstance(part, _Joined) else str(part) for part in self.parts)
        return (" AND " if self.is_and else " OR ").join(texts)


_Part: TypeAlias = bool | _Said | _Compared | _Among | _Joined


@lru_cache(maxsize=4096)
def condition_parts(texts: tuple[str, ...], named: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
    """What has to hold for all of the texts to hold, sorted, each once; (`FALSE`,) where that cannot be.

    `named` are the named conditions, written out in the parts.
    """
    whole = _join(True, [_condition(parse_condition(text), True, dict(named)) for text in texts])
    if isinstance(whole, bool):
        return () if whole else (NEVER,)
    parts: Iterable[_Part] = whole.parts if isinstance(whole, _Joined) and whole.is_and else [whole]
    return tuple(sorted(map(str, parts)))


def _condition(node: exp.Expr, holds: bool, named: dict[str, str]) -> _Part:
    while isinstance(node, exp.Paren | exp.Not):
        node, holds = node.this, holds != isinstance(node, exp.Not)
    if isinstance(node, exp.And | exp.Or):
        sides = [_condition(side, holds, named) for side in node.flatten()]
        return _join(isinstance(node, exp.And) == holds, sides)
    if isinstance(node, exp.Boolean):
        return bool(node.this) == holds
    if isinstance(node, exp.Column) and node.name in named:
        return _condition(parse_condition(named[node.name]), holds, {})
    if said := _truth(node, holds):
        return _condition(said[0], said[1], named)
    return _leaf(node, holds)


def _truth(node: exp.Expr, holds: bool) -> tuple[exp.Expr, bool] | None:
    """`a = true`, `a <> false`, `a is true`: what is said, and whether it holds."""
    if not isinstance(node, exp.EQ | exp.NEQ | exp.Is) or (isinstance(node, exp.Is) and not holds):
        return None  # `not a is true` is true of null as well
    left, right = node.this.unnest(), node.expression.unnest()
    for side, other in ((right, left), (left, right)):
        if isinstance(side, exp.Boolean):
            return other, holds == (bool(side.this) != isinstance(node, exp.NEQ))
    return None


def _leaf(node: exp.Expr, holds: bool) -> _Part:
    if isinstance(node, exp.Between):
        bounds = [_compare(node.this, ">=", node.args["low"]), _compare(node.this, "<=", node.args["high"])]
        return _join(holds, [bound if holds else _opposite(bound) for bound in bounds])
    if isinstance(node, exp.In) and node.expressions and all(map(_is_value, node.expressions)):
        return _Among(_sql(node.this), frozenset(map(_sql, node.expressions)), holds)
    if type(node) in _SIGNS:
        found = _compare(node.this, _SIGNS[type(node)], node.args["expression"])
        return found if holds else _opposite(found)
    return _Said(_sql(node), holds)


def _compare(left: exp.Expr, sign: str, right: exp.Expr) -> _Part:
    """`5 < a` is `a > 5`, `a >= b` is `b <= a`; two values are compared at once."""
    left, right = left.unnest(), right.unnest()
    if _is_value(left) and _is_value(right):
        return _known(left, sign, right)
    mirror = _is_value(left) if _is_value(left) or _is_value(right) else sign in (">", ">=")
    one, other = _sql(left), _sql(right)
    if sign in ("=", "<>") and not _is_value(left) and not _is_value(right):
        mirror = one > other
    if mirror:
        left, right, one, other, sign = right, left, other, one, _MIRRORED[sign]
    if sign in ("=", "<>") and _is_value(right):
        return _Among(one, frozenset([other]), sign == "=")
    return _Compared(one, sign, other)


def _known(left: exp.Expr, sign: str, right: exp.Expr) -> _Part:
    texts = [_sql(left), _sql(right)]
    is_text = ["'" in text for text in texts]
    if is_text[0] != is_text[1]:
        return _Compared(texts[0], sign, texts[1])
    if is_text[0]:
        is_equal, is_less = texts[0] == texts[1], texts[0] < texts[1]
    else:
        numbers = [Decimal(text) for text in texts]
        is_equal, is_less = numbers[0] == numbers[1], numbers[0] < numbers[1]
    order = {"=": is_equal, "<": is_less, "<=": is_equal or is_less}
    return order[sign] if sign in order else not order[_OPPOSITE[sign]]


def _opposite(part: _Part) -> _Part:
    if isinstance(part, bool):
        return not part
    if isinstance(part, _Said):
        return _Said(part.text, not part.holds)
    if isinstance(part, _Among):
        return _Among(part.what, part.values, not part.holds)
    if isinstance(part, _Compared):
        sign = _OPPOSITE[part.sign]
        if sign in (">", ">=") and not _is_constant(part.right):
            return _Compared(part.right, _MIRRORED[sign], part.left)
        return _Compared(part.left, sign, part.right)
    return _join(not part.is_and, map(_opposite, part.parts))


def _is_constant(text: str) -> bool:
    return text[0] in "'-." or text[0].isdigit()


def _join(is_and: bool, parts: Iterable[_Part]) -> _Part:
    found: set[_Part] = set()
    for part in parts:
        found |= part.parts if isinstance(part, _Joined) and part.is_and == is_and else {part}
    found = _lists_joined(is_and, found)
    if (not is_and) in found or (is_and and any(_opposite(part) in found for part in found)):
        return not is_and
    found.discard(is_and)
    # `a and (a or b)` is a, and so is `a or (a and b)`
    found = {part for part in found if not (isinstance(part, _Joined) and part.parts & found)}
    if len(found) < 2:
        return next(iter(found), is_and)
    return _Joined(is_and, frozenset(found))


def _lists_joined(is_and: bool, parts: set[_Part]) -> set[_Part]:
    """Lists of one column in one: `a = 1 or a = 2` is `a in (1, 2)`; what is in no list at all is false."""
    kept: set[_Part] = set()
    lists: dict[str, _Among] = {}
    for part in sorted(parts, key=str):
        # in an `or`, "not in" are left as they are: joined they would say less about null
        if not isinstance(part, _Among) or (not is_and and not part.holds):
            kept.add(part)
            continue
        other = lists.get(part.what)
        lists[part.what] = _both(other, part, is_and) if other else part
    kept |= {one if one.values else False for one in lists.values()}
    return kept


def _both(one: _Among, other: _Among, is_and: bool) -> _Among:
    if one.holds == other.holds:
        values = one.values & other.values if is_and and one.holds else one.values | other.values
        return _Among(one.what, values, one.holds)
    chosen, barred = (one, other) if one.holds else (other, one)
    return _Among(one.what, chosen.values - barred.values)


def _is_value(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Neg) else node
    return isinstance(inner, exp.Literal)


def _sql(node: exp.Expr) -> str:
    node = node.unnest()
    if isinstance(node, exp.Literal) and not node.is_string:
        return f"{Decimal(str(node.this)).normalize():f}"
    plain = node.transform(lambda one: one.this if _is_idle(one) else one)
    return plain.sql(dialect="duckdb", normalize=True)


def _is_idle(node: exp.Expr) -> bool:
    return isinstance(node, exp.Paren) and isinstance(node.this, exp.Column | exp.Literal)
