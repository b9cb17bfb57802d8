"""Measures and row conditions: the small part of SQL that an analyst writes in an atomic indicator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

MeasureKind = Literal["count", "sum", "distinct", "distinct_days", "median", "percentile"]
QUANTILE_KINDS = ("median", "percentile")
PERSON_KINDS = ("distinct", "distinct_days")

_OF_COLUMN = re.compile(r"^(count|sum|distinct|distinct_days)\(\s*(\w+)\s*\)$")
_QUANTILE = re.compile(
    r"^(?:median\(\s*(?P<median>.+?)\s*\)|percentile\(\s*(?P<percentile>.+?)\s*,\s*(?P<at>0?\.\d+)\s*\))$"
)
_SPAN = re.compile(r"^(minutes|days)\(\s*(\w+)\s*,\s*(\w+)\s*\)$")
_WITHIN = re.compile(r"\bwithin\(\s*(\w+)\s*,\s*(\w+)\s*,\s*(\d+)\s*\)")
_HAS_ROWS = re.compile(r"\bhas_rows\(\s*((?:fct|dim)_(\w+))\s*\)")

# What a condition may be made of: the same row has the same answer on every day.
_WORDS = (exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Interval, exp.Var, exp.DataType)
_LOGIC = (exp.And, exp.Or, exp.Not, exp.Paren, exp.In, exp.Is, exp.Between, exp.Like, exp.ILike, exp.If)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg)
_FUNCTIONS = {
    "abs": exp.Abs,
    "case": exp.Case,
    "cast": exp.Cast,
    "coalesce": exp.Coalesce,
    "date_diff": exp.DateDiff,
    "extract": exp.Extract,
    "length": exp.Length,
    "lower": exp.Lower,
    "starts_with": exp.StartsWith,
    "trim": exp.Trim,
    "upper": exp.Upper,
}
_STABLE = (*_WORDS, *_LOGIC, *_COMPARISONS, *_ARITHMETIC, *_FUNCTIONS.values())
_UNNAMED = ("date_sub", "within", "has_rows")  # sqlglot has no class for them; M13 reads the last two


class ConditionError(ValueError):
    """A measure or a condition that cannot be read."""


@dataclass(frozen=True)
class Span:
    """The time from one moment to another: `minutes(a, b)` of timestamps, `days(a, b)` of dates."""

    unit: Literal["minutes", "days"]
    start: str
    end: str

    @property
    def sql(self) -> str:
        """Whole units from start to end (DuckDB): 119 seconds are 1 minute, two dates in a row are 1 day."""
        return f"date_sub('{self.unit.removesuffix('s')}', {self.start}, {self.end})"


@dataclass(frozen=True)
class Measure:
    """What is measured: a kind and a column, or for a median or percentile the value that is ranked.

    `count`, `sum`: of a column's values. `distinct`: people. `distinct_days`: people x days, for averages of
    a day. `median`, `percentile`: `quantile` (0.5 for a median) of an integer column or of a `span`; values
    that are null or negative are left out.
    """

    kind: MeasureKind
    column: str = ""
    span: Span | None = None
    quantile: float | None = None

    @property
    def value_sql(self) -> str:
        """What is counted, summed or ranked, as SQL on a row of the fact."""
        return self.span.sql if self.span else self.column

    @property
    def columns(self) -> set[str]:
        """The fact's columns that the measure reads."""
        return {self.span.start, self.span.end} if self.span else {self.column}


@lru_cache(maxsize=4096)
def parse_measure(text: str) -> Measure:
    """Raises ConditionError for anything but the measures that `Measure` lists."""
    text = text.strip()
    if found := _OF_COLUMN.match(text):
        return Measure(found[1], found[2])  # type: ignore[arg-type]
    if found := _QUANTILE.match(text):
        is_median = found["median"] is not None
        quantile = 0.5 if is_median else float(found["at"])
        return _ranked(
            "median" if is_median else "percentile", found["median"] or found["percentile"], quantile
        )
    raise ConditionError(
        f"'{text}' is not a measure: write count(x), sum(x), distinct(x), distinct_days(x), median(x), "
        "percentile(x, 0.9), where the x of the last two may be minutes(a, b) or days(a, b)"
    )


def _ranked(kind: MeasureKind, value: str, quantile: float) -> Measure:
    if span := _SPAN.match(value):
        return Measure(kind, span=Span(span[1], span[2], span[3]), quantile=quantile)  # type: ignore[arg-type]
    if not re.fullmatch(r"\w+", value):
        raise ConditionError(
            f"'{value}' cannot be ranked: name an integer column, minutes(a, b) or days(a, b)"
        )
    return Measure(kind, value, quantile=quantile)


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> exp.Expr:
    """The condition's tree.

    Raises ConditionError where it is not about one row (a query, an aggregate), or where its answer is not
    the same on every day (random(), current_date): what is computed day by day would differ from the whole.
    """
    try:
        tree = sqlglot.parse_one(condition_sql(text), dialect="duckdb")
    except SqlglotError as error:
        raise ConditionError(f"'{text}' is not a condition") from error
    for kind in (exp.Query, exp.AggFunc, exp.Window, exp.Command):
        if tree.find(kind):
            raise ConditionError(f"'{text}' must look at one row only: no query, no aggregate")
    for node in tree.walk():
        if not _is_stable(node):
            raise ConditionError(
                f"'{node.sql(dialect='duckdb')}' may not stand in '{text}': a condition has the same answer "
                f"on every day: columns, values, comparisons and {', '.join(_FUNCTIONS)}, date_sub"
            )
    return tree


def _is_stable(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in _UNNAMED
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal):
        return str(node.this.this)[:1].isdigit()  # not 'today'
    return isinstance(node, _STABLE)


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
