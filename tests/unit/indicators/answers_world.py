"""A handful of leads and one visit in the small registry's cubes, to ask the planner about."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from indicators.planner import Coverage, Request, plan
from tests.unit.indicators.cube_world import CubeWorld, Lead, Visit
from tests.unit.indicators.small_registry import small_registry

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 20)
COVERAGE = {name: Coverage(FIRST, LAST) for name in ("lead", "visit")}


def lead(on: str, person: str = "p1", dealer: str = "D1", **changes: Any) -> Lead:
    at = datetime.fromisoformat(on)
    values = {"is_counted": True, "visited_at": None, "spend_amt": 1.0, "channel": "app", **changes}
    return Lead(f"{on}{person}{dealer}", person, dealer, "BY", values.pop("channel"), at.date(), at, **values)


LEADS = [
    lead("2026-01-05", "p1", "D1"),
    lead("2026-02-10", "p1", "D1", visited_at=datetime(2026, 2, 12)),
    lead("2026-02-10", "p1", "D2", channel="phone"),
    lead("2026-02-11", "p2", "D2", is_counted=False),
    lead("2026-03-03", "p2", "D1"),
    lead("2026-03-10", "p3", "D3"),
]


def answers_world(folder: Path) -> CubeWorld:
    """The world, built; `folder` holds its registry. Close its connection."""
    world = CubeWorld(small_registry(folder))
    world.build(LEADS, [Visit("v", "p1", "D1", "BY", date(2026, 2, 12), True)], as_of=LAST)
    return world


def ask(world: CubeWorld, request: Request) -> list[dict[str, Any]]:
    """The planner's rows, with the days that have data."""
    planned = plan(world.registry, request, coverage=COVERAGE)
    rows = world.run(planned.sql, planned.params).fetchall()
    return [dict(zip(planned.columns, row, strict=True)) for row in rows]
