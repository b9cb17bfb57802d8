"""One number of an indicator for a reader: its last value and its course, or why there is none.

What the dictionary's page and any other place that shows a single number ask: the planner's answer with its
warnings, and for an indicator that is withheld the last good value with the reason.
"""

from dataclasses import dataclass
from datetime import date

from indicators.headline import headline, last_day_sql
from indicators.lookup import resolve
from indicators.planner import Request
from indicators.registry import Registry
from serving.dictionary import Withheld
from serving.errors import QueryFailed
from serving.query import ask
from serving.store import Snapshot


@dataclass(frozen=True)
class Reading:
    """The last value of a code for the whole network, in `unit`, and its course by week.

    `words` says which days `first` to `last` are; `withheld` is the reason where the number is the last good
    one; `problem` says why there is no number at all.
    """

    code: str
    value: float | None
    unit: str
    words: str
    first: date | None
    last: date | None
    days: tuple[date, ...] = ()
    values: tuple[float | None, ...] = ()
    warnings: tuple[str, ...] = ()
    withheld: str | None = None
    problem: str | None = None


def reading(snapshot: Snapshot, registry: Registry, code: str) -> Reading:
    """The last value of any code, written or generated."""
    base = resolve(registry, code).base
    unit = registry.unit(base)
    [known] = snapshot.query(last_day_sql(registry, base)).to_pylist()
    last = known["day"]
    if last is None:
        return Reading(code, None, unit, "", None, None, problem="Its sources have no data yet.")
    asked = headline(registry, code, last)
    try:
        now = ask(snapshot, registry, asked.now)
    except Withheld as held:
        return _last_good(code, unit, held)
    except QueryFailed as error:
        return Reading(code, None, unit, asked.words, asked.first, asked.last, problem=str(error))
    rows = now.rows()
    value = rows[0]["value"] if rows else None
    days, values = _course(snapshot, registry, asked.course)
    return Reading(
        code,
        None if value is None else float(value),
        now.unit,
        asked.words,
        asked.first,
        asked.last,
        days,
        values,
        now.warnings,
        problem=now.reason,
    )


def _course(
    snapshot: Snapshot, registry: Registry, request: Request
) -> tuple[tuple[date, ...], tuple[float | None, ...]]:
    try:
        rows = ask(snapshot, registry, request).rows()
    except QueryFailed:
        return (), ()
    values = (None if row["value"] is None else float(row["value"]) for row in rows)
    return tuple(row["period"] for row in rows), tuple(values)


def _last_good(code: str, unit: str, held: Withheld) -> Reading:
    """The last good value of the code's base: of a generated code none is kept."""
    status = held.status
    return Reading(
        status.code,
        status.last_good_value,
        unit,
        status.last_good_period or "",
        status.last_good_first_on,
        status.last_good_last_on,
        withheld=held.reason,
    )
