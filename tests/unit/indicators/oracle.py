"""The same questions answered by brute force on the facts: no cube, no SQL, no code of the planner."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.unit.indicators.cube_world import TIERS, Lead, Visit

Row = Lead | Visit
Key = tuple[Any, ...]
DIGITAL = ("website", "app")


def _visited(row: Lead, visits_exist: bool) -> bool:
    in_time = row.visited_at is not None and row.visited_at <= row.created_at + timedelta(days=30)
    return row.is_counted and (in_time or not visits_exist)


def _counts(visits_exist: bool) -> dict[str, tuple[str, Callable[[list[Any]], float]]]:
    """Each atomic code: the facts that it reads, and its value over some of them."""
    return {
        "lead_cnt": ("lead", lambda rows: sum(r.is_counted for r in rows)),
        "lead_uv": ("lead", lambda rows: len({r.one_id for r in rows if r.is_counted and r.one_id})),
        "lead_visit_cnt": ("lead", lambda rows: sum(_visited(r, visits_exist) for r in rows)),
        "spend_amt": ("lead", lambda rows: sum(r.spend_amt or 0 for r in rows)),
        "visit_cnt": ("visit", len),
        "visit_td_cnt": ("visit", lambda rows: sum(r.has_test_drive for r in rows)),
        "visit_uv": ("visit", lambda rows: len({r.one_id for r in rows if r.one_id})),
        "visit_td_uv": ("visit", lambda rows: len({r.one_id for r in rows if r.one_id and r.has_test_drive})),
    }


RATIOS = {"lead2visit_rate": ("lead_visit_cnt", "lead_cnt"), "cpl": ("spend_amt", "lead_cnt")}
COHORTS = {"lead_visit_cnt", "lead2visit_rate"}


def day_of(row: Row) -> date | None:
    return row.created_on if isinstance(row, Lead) else row.arrived_on


def dimension(row: Row, name: str) -> Any:
    if name == "tier":
        return TIERS.get(row.dealer_id or "")
    return getattr(row, {"dealer": "dealer_id", "region": "region_code", "channel": "channel"}[name])


def answer(
    leads: list[Lead],
    visits: list[Visit],
    code: str,
    first: date,
    last: date,
    *,
    by: tuple[str, ...] = (),
    where: dict[str, Any] | None = None,
    digital: bool = False,
    as_of: date,
) -> dict[Key, float]:
    """Values by dimensions; groups without a value, or with zero, are left out."""
    counts = _counts(bool(visits))
    fact = counts[RATIOS.get(code, (code,))[0]][0]
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in leads if fact == "lead" else visits:
        on = day_of(row)
        if on is None or not first <= on <= last:
            continue
        if digital and row.channel not in DIGITAL:  # type: ignore[union-attr]
            continue
        if any(dimension(row, name) not in values for name, values in (where or {}).items()):
            continue
        if code in COHORTS and not on + timedelta(days=30) < as_of:
            continue
        groups[tuple(dimension(row, name) for name in by)].append(row)
    values = {}
    for key, rows in groups.items():
        above, *below = (counts[part][1](rows) for part in RATIOS.get(code, (code,)))
        value = above / below[0] if below and below[0] else None if below else above
        if value:
            values[key] = float(value)
    return values
