"""How the rows of a table become one value: each class of indicator in its own way.

Sums are summed; people are counted anew in every cell, from the person table; a person-day is a person on a
day; the value at a rank is read off the stacked histogram. What has no rows is null, and never zero.
"""

from __future__ import annotations

from indicators.measures import PERSON_KINDS
from indicators.planning.scans import Scan
from indicators.registry import Registry
from indicators.tables import COUNT, DAY, PERSON_KEY, VALUE

ROW = "stored"  # what every table is called in its own query (`cube` is a word of group by)


def operand(registry: Registry, scan: Scan, code: str, only: str | None) -> str:
    """An operand of a cube, roll-up or person table as an aggregate; `only` is the condition on its rows."""
    kind = registry.measures[code].kind
    if kind in PERSON_KINDS:
        person = f"{ROW}.{PERSON_KEY}" if kind == "distinct" else f"({ROW}.{PERSON_KEY}, {ROW}.{DAY})"
        rows = f"{ROW}.{code} and {only}" if only else f"{ROW}.{code}"
        people = f"count(distinct {person}) filter (where {rows})"
        return f"case when bool_or({only}) then {people} end" if only else people
    mature = f" filter (where {only})" if only else ""
    return f"cast(sum({ROW}.{code}){mature} as {value_type(registry, code)})"


def counted(only: str | None) -> list[str]:
    """The columns of a histogram's inner query: a value and how often it occurs."""
    mature = f" filter (where {only})" if only else ""
    return [f"{ROW}.{VALUE}", f"cast(sum({ROW}.{COUNT}){mature} as bigint) as {COUNT}"]


def ranked(keys: list[str]) -> list[str]:
    """The columns of a histogram's middle query: how many values are up to each, and how many in all."""
    part = f"partition by {', '.join(keys)}" if keys else ""
    upto = f"sum({COUNT}) over ({part + ' ' if part else ''}order by {VALUE})"
    return [*keys, VALUE, f"{upto} as upto", f"sum({COUNT}) over ({part}) as n"]


def quantile(at: float) -> str:
    """The value at a rank, between the two values that stand around it (quantile_cont): exact on integers."""
    rank = f"({at!r} * (max(n) - 1))"
    below, above = (
        f"min({VALUE}) filter (where upto > {side}({at!r} * (n - 1)))" for side in ("floor", "ceil")
    )
    return f"{below} + ({above} - {below}) * ({rank} - floor({rank}))"


def value_type(registry: Registry, code: str) -> str:
    """The type of an indicator's value: whole numbers for counts, else double."""
    if code not in registry.atomics:
        return "double"
    kind = registry.measures[code].kind
    if kind in ("count", "distinct", "distinct_days"):
        return "bigint"
    is_whole = kind == "sum" and registry.standard.units[registry.atomics[code].unit].type == "bigint"
    return "bigint" if is_whole else "double"
