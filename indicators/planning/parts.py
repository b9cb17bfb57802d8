"""One table aggregated to the keys of the answer; operands that it does not hold are null."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from indicators.measures import QUANTILE_KINDS
from indicators.planning.query import DAYS, PERIOD, SLOT, Query, select
from indicators.planning.reductions import ROW, counted, operand, quantile, ranked
from indicators.planning.scans import Scan
from indicators.planning.sources import (
    View,
    attributes_of_people,
    column,
    mature,
    people_source,
    source,
    views,
)
from indicators.tables import CODE, PERSON_KEY, VALUE

PEOPLE = "people"  # the CTE of people who are counted, each once in every cell


def parts(query: Query, scan: Scan) -> Iterator[str]:
    """The SELECTs for a table: one for each view of its days."""
    kinds = {query.registry.measures[code].kind for code in scan.codes}
    by_attribute = bool(attributes_of_people(query, scan)) and kinds == {"distinct"}
    for view in views(query, scan):
        if kinds <= set(QUANTILE_KINDS):
            yield _ranked(query, scan, view)
        elif by_attribute:
            yield _people_first(query, scan, view)
        else:
            yield _aggregated(query, scan, view)


def _keys(query: Query, scan: Scan, view: View, later: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """The key columns with their names, and the expressions to group by (constants are not grouped by)."""
    pairs = [
        *([(view.period, PERIOD)] if query.has_series else []),
        *((column(query, scan, name), name) for name in query.by if name not in later),
        *([(view.slot, SLOT)] if query.compare else []),
    ]
    groups = [text for text, _ in pairs if not text.startswith(("date '", "'"))]
    return [f"{text} as {name}" for text, name in pairs], groups


def _aggregated(query: Query, scan: Scan, view: View) -> str:
    keys, groups = _keys(query, scan, view)
    is_over = mature(query, scan)
    columns = [
        f"{operand(query.registry, scan, code, is_over)} as {code}"
        if code in scan.codes
        else f"null as {code}"
        for code in query.operands
    ]
    columns += [f"bool_and({is_over}) as is_mature"] if is_over else []
    columns += [f"{view.days} as {DAYS}"] if query.uses_days else []
    # without groups an aggregate gives a row also where there are none: no people instead of no data
    return select(
        [*keys, *columns], source(query, scan, view), groups, having="" if groups else "count(*) > 0"
    )


def _people_first(query: Query, scan: Scan, view: View) -> str:
    """People by their attributes: each person once in every cell, and only then what is known of them.

    Joining first and counting distinct people after took twice as long over 30 days and four times over a
    year (8 million person-days, 1 million people).
    """
    attributes = attributes_of_people(query, scan)
    keys, groups = _keys(query, scan, view, later=attributes)
    is_over = mature(query, scan)
    counted = [
        f"bool_or({ROW}.{code}{f' and {is_over}' if is_over else ''}) as {code}" for code in scan.codes
    ]
    counted += [f"bool_and({is_over}) as is_mature", f"bool_or({is_over}) as has_mature"] if is_over else []
    counted += [f"{view.days} as {DAYS}"] if query.uses_days else []
    rows = source(query, scan, view, later=attributes)
    person = f"{ROW}.{PERSON_KEY}"
    people = select([*keys, person, *counted], rows, [*groups, person])
    names = [
        column(query, scan, name) if name in attributes else f"{ROW}.{name}" for name in query.stacked_keys
    ]
    shown = [f"{text} as {name}" for text, name in zip(names, query.stacked_keys, strict=True)]
    values = []
    for code in query.operands:
        count = f"count(*) filter (where {ROW}.{code})"
        known = f"case when bool_or({ROW}.has_mature) then {count} end" if is_over else count
        values.append(f"{known} as {code}" if code in scan.codes else f"null as {code}")
    values += [f"bool_and({ROW}.is_mature) as is_mature"] if is_over else []
    values += [f"max({ROW}.{DAYS}) as {DAYS}"] if query.uses_days else []
    having = "" if names else "count(*) > 0"
    counted_once = select([*shown, *values], people_source(query, scan, PEOPLE, attributes), names, having)
    return f"select * from (\nwith {PEOPLE} as materialized (\n{people}\n)\n{counted_once}\n) as by_attribute"


def _ranked(query: Query, scan: Scan, view: View) -> str:
    """Values stacked, their ranks, and the value at the rank that is asked for."""
    [code] = scan.codes
    keys, groups = _keys(query, scan, view)
    names = query.stacked_keys
    is_over = mature(query, scan)
    more = [f"bool_and({is_over}) as is_mature"] if is_over else []
    more += [f"{view.days} as {DAYS}"] if query.uses_days else []
    place = query.param(f"code_{code}", code)
    rows = source(query, scan, view)
    rows += (
        f"{chr(10) + '    and' if chr(10) + 'where ' in rows else chr(10) + 'where'} {ROW}.{CODE} = {place}"
    )
    stacked = select([*keys, *counted(is_over), *more], rows, [*groups, f"{ROW}.{VALUE}"])
    kept = [*(["is_mature"] if is_over else []), *([DAYS] if query.uses_days else [])]
    ranks = select([*ranked(names), *kept], f"(\n{stacked}\n) as stacked", [])
    at = query.registry.measures[code].quantile or 0.5
    values = [f"{quantile(at)} as {one}" if one == code else f"null as {one}" for one in query.operands]
    values += ["max(n) as n"] if query.has_n else []
    values += ["bool_and(is_mature) as is_mature"] if is_over else []
    values += [f"max({DAYS}) as {DAYS}"] if query.uses_days else []
    return select([*names, *values], f"(\n{ranks}\n) as ranked", names)
