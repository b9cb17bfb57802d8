"""Days of the cubes, rewritten in any case: back-fills of a range, and the nightly proof that increments gave
what a rebuild gives.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from orchestration import dbt_build
from orchestration.errors import ForecourtError
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

Content = dict[str, dict[date, int]]


@dataclass(frozen=True)
class Rewritten:
    """What a back-fill did. ``differing`` has, by cube, the days whose rows are no longer those that stood:
    what the increments had missed, or what somebody had changed by hand.
    """

    first: date
    last: date
    cubes: list[str]
    days: list[date]
    seconds: float
    differing: dict[str, list[date]] = field(default_factory=dict)


def rewrite_days(settings: Settings, first: date, last: date, cubes: Sequence[str] = ()) -> Rewritten:
    """Rewrite the days of this range in the named cubes (all where none is named) from today's facts.

    The caller holds the writer's lock and has built what is new: what changed since would count as differing.
    Raises ``ForecourtError`` for an unknown cube, ``BuildFailedError`` where dbt breaks.
    """
    started = time.perf_counter()
    known = cube_names(settings)
    unknown = sorted(set(cubes) - set(known))
    if unknown:
        raise ForecourtError(
            f"There is no cube {', '.join(unknown)} in this warehouse. There are: {', '.join(known)}."
        )
    wanted = sorted(cubes) or known
    before = _content(settings, wanted, first, last)
    variables = {"backfill_from": first.isoformat(), "backfill_to": last.isoformat()}
    dbt_build.build(settings, select=wanted, kinds=["model"], variables=variables)
    after = _content(settings, wanted, first, last)
    differing = {
        cube: sorted(
            day for day in before[cube] | after[cube] if before[cube].get(day) != after[cube].get(day)
        )
        for cube in wanted
    }
    return Rewritten(
        first,
        last,
        wanted,
        sorted({day for days in after.values() for day in days}),
        time.perf_counter() - started,
        {cube: days for cube, days in differing.items() if days},
    )


def cube_names(settings: Settings) -> list[str]:
    """The cubes that this warehouse has, by day."""
    with _warehouse(settings) as connection:
        found = connection.execute(
            "select distinct table_name from indicator_state.day_fingerprint order by table_name"
        ).fetchall()
    return [name for (name,) in found]


def days_written(settings: Settings, since: datetime | None = None) -> dict[date, int]:
    """Days that cubes have rows for, and how many cubes wrote each; only what was written ``since``."""
    with _warehouse(settings) as connection:
        found = connection.execute(
            """select stat_date, count(*) from indicator_state.day_fingerprint
            where coalesce(written_at >= $since, true) group by stat_date order by stat_date""",
            {"since": since},
        ).fetchall()
    return dict(found)


def nightly_ranges(
    days: Sequence[date], tonight: date, recent: int = 7, nights: int = 28
) -> list[tuple[date, date]]:
    """What tonight is rewritten of ``days``: the ``recent`` ones, and one of so many ``nights``' parts of the
    rest, so that all of history is proved once in so many nights.
    """
    known = sorted(days)
    last, rest = known[-recent:], known[:-recent]
    part = tonight.toordinal() % nights
    older = rest[len(rest) * part // nights : len(rest) * (part + 1) // nights]
    return [(some[0], some[-1]) for some in (older, last) if some]


def _content(settings: Settings, cubes: Sequence[str], first: date, last: date) -> Content:
    """A hash of each day's rows of each cube, the same for the same rows in any order."""
    with _warehouse(settings) as connection:
        return {
            cube: dict(
                connection.execute(
                    f"""select stat_date, sum(hash(cube)) from indicators.{cube} as cube
                    where stat_date between ? and ? group by stat_date""",
                    [first, last],
                ).fetchall()
            )
            for cube in cubes
        }


def _warehouse(settings: Settings) -> "duckdb.DuckDBPyConnection":
    import duckdb

    return duckdb.connect(str(settings.warehouse), read_only=True)
