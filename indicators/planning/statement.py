"""The planner's SQL: one part for each table that is read, stacked, then formula, comparison, total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from indicators.codes import POINTS
from indicators.planning.parts import parts
from indicators.planning.query import DAYS, PERIOD, Query, select
from indicators.planning.reductions import value_type
from indicators.planning.request import RATIO
from indicators.planning.sources import MAX_BRANCHES

TOTAL = "is_total"


@dataclass(frozen=True)
class Statement:
    """SQL with named parameters, its columns in order, the tables that it reads."""

    sql: str
    params: dict[str, Any]
    columns: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """One level of the answer (the rows, or their total): its CTEs, columns and source."""

    ctes: list[str]
    columns: list[str]
    source: str


def render(query: Query, with_total: bool = False) -> Statement:
    """The query as one statement. Rows are ordered by period and dimensions, totals last."""
    levels = [(query, _level(query, ""))]
    has_total = with_total and bool(query.by)
    if has_total:
        whole = replace(query, by=())  # the same params: filters and days are the same
        levels.append((whole, _level(whole, "total_", missing=query.by)))
    ctes = [*_spine(query), *(text for _, level in levels for text in level.ctes)]
    selects = []
    for i, (_, level) in enumerate(levels):
        mark = [f"{str(bool(i)).lower()} as {TOTAL}"] if has_total else []
        selects.append(select([*level.columns, *mark], level.source, []))
    order = [*([TOTAL] if has_total else []), *query.keys]
    sql = "with " + ",\n".join(ctes) + "\n" + "\nunion all\n".join(selects)
    sql += f"\norder by {', '.join(order)}" if order else ""
    columns = [*query.keys, "value", *_shown(query), *([TOTAL] if has_total else [])]
    read = dict.fromkeys(scan.table.name for one, _ in levels for scan in one.scans)
    return Statement(sql, query.params, tuple(columns), tuple(read))


def _shown(query: Query) -> list[str]:
    """The columns after `value`: what it was computed from, and how far it may be trusted."""
    last = ["is_mature"] if query.matures else []
    if query.compare:
        return ["value_now", "value_before", *last]
    return [*(code for code in query.operands if code != query.base), *(["n"] if query.has_n else []), *last]


def _level(query: Query, prefix: str, missing: tuple[str, ...] = ()) -> Level:
    stacked = "\nunion all\n".join(text for scan in query.scans for text in parts(query, scan))
    measured = [
        *(f"max({code}) as {code}" for code in query.operands),
        *(["max(n) as n"] if query.has_n else []),
        *(["bool_and(is_mature) as is_mature"] if query.matures else []),
        *([f"max({DAYS}) as {DAYS}"] if query.uses_days else []),
    ]
    keys = query.stacked_keys
    ctes = [
        f"{prefix}part as (\n{stacked}\n)",
        f"{prefix}measured as (\n{select([*keys, *measured], f'{prefix}part', keys)}\n)",
    ]
    source = f"{prefix}measured"
    formula = f"({query.registry.render(query.base, days=DAYS)})"
    if query.compare:
        ctes.append(f"{prefix}compared as (\n{_compared(query, formula, source)}\n)")
        source, formula = f"{prefix}compared", f"({_comparison(query, query.compare)})"
        value = f"cast({formula} as double) as value"
    else:
        value = f"cast({formula} as {value_type(query.registry, query.base)}) as value"
    shown = [*([PERIOD] if query.has_series else []), *(f"null as {name}" for name in missing), *query.by]
    return Level(ctes, [*shown, value, *_shown(query)], source)


def _spine(query: Query) -> list[str]:
    """The windows as rows, where they are joined."""
    windows = query.times.windows
    if len(windows) <= MAX_BRANCHES:
        return []
    rows = ",\n".join(f"(date '{w.on}', '{w.slot}', date '{w.first}', date '{w.last}')" for w in windows)
    names = "on_date, slot, first_date, last_date"
    return [f"stat_window as (\nselect * from (values\n{rows}\n) as stat_window ({names})\n)"]


def _compared(query: Query, formula: str, source: str) -> str:
    typed = f"cast({formula} as {value_type(query.registry, query.base)})"
    columns = [
        *query.keys,
        f"max({typed}) filter (where slot = 'now') as value_now",
        f"max({typed}) filter (where slot = 'before') as value_before",
        *([f"{_is_mature(query)} as is_mature"] if query.matures else []),
    ]
    return select(columns, source, query.keys)


def _is_mature(query: Query) -> str:
    """Are all cohorts of the period counted? Those that a window was cut for stand in none of its rows."""
    cut = query.times.immature
    if not cut:
        return "bool_and(is_mature)"
    if not query.has_series:
        return "false"
    dates = ", ".join(f"date '{on}'" for on in sorted(cut))
    return f"bool_and(is_mature) and {PERIOD} not in ({dates})"


def _comparison(query: Query, compare: str) -> str:
    if compare.endswith(POINTS):
        is_ratio = query.registry.unit(query.base) == RATIO
        return "(value_now - value_before) * 100" if is_ratio else "value_now - value_before"
    return "value_now / nullif(value_before, 0) - 1"
