"""Measures and row conditions: the small part of SQL that an analyst writes in an atomic indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_MEASURE = re.compile(r"^(count|sum|distinct)\((\w+)\)$")
_WITHIN = re.compile(r"\bwithin\(\s*(\w+)\s*,\s*(\w+)\s*,\s*(\d+)\s*\)")
_HAS_ROWS = re.compile(r"\bhas_rows\(\s*((?:fct|dim)_(\w+))\s*\)")


class ConditionError(ValueError):
    """A measure or a condition that cannot be read."""


@dataclass(frozen=True)
class Measure:
    """`count`, `sum` or `distinct` of a column."""

    kind: Literal["count", "sum", "distinct"]
    column: str


@lru_cache(maxsize=4096)
def parse_measure(text: str) -> Measure:
    """Raises ConditionError for anything but count(x), sum(x), distinct(x)."""
    found = _MEASURE.match(text.strip())
    if not found:
        raise ConditionError(f"'{text}' is not a measure: write count(x), sum(x) or distinct(x)")
    return Measure(found[1], found[2])  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> exp.Expr:
    """The condition's tree. Raises ConditionError where it is not about one row (a query, an aggregate)."""
    try:
        tree = sqlglot.parse_one(condition_sql(text), dialect="duckdb")
    except SqlglotError as error:
        raise ConditionError(f"'{text}' is not a condition") from error
    for kind in (exp.Query, exp.AggFunc, exp.Window, exp.Command):
        if tree.find(kind):
            raise ConditionError(f"'{text}' must look at one row only: no query, no aggregate")
    return tree


def columns(text: str) -> set[str]:
    """The columns that a condition reads; the outcome of has_rows() is not one."""
    flags = {flag for flag, _ in presence(text)}
    return {column.name for column in parse_condition(text).find_all(exp.Column)} - flags


def condition_sql(text: str) -> str:
    """The condition as SQL: within(event, start, days) and has_rows(model) written out."""
    text = _WITHIN.sub(r"\1 <= \2 + interval '\3 days'", text)
    return _HAS_ROWS.sub(r"has_\2", text)


def windows(text: str) -> list[tuple[str, str, int]]:
    """Each within(event, start, days) of a condition."""
    return [(event, start, int(days)) for event, start, days in _WITHIN.findall(text)]


def presence(text: str) -> list[tuple[str, str]]:
    """Each has_rows(model) of a condition: the column that will hold its outcome, and the model."""
    return [(f"has_{name}", model) for model, name in _HAS_ROWS.findall(text)]
