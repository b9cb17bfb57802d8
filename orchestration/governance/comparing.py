"""What a changed definition does to the numbers: both definitions over the same facts, for 90 days."""

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from indicators import periods
from indicators.difference import Difference, differences
from indicators.headline import last_day_sql
from indicators.lookup import resolve
from indicators.planner import PlanError, Request, plan
from indicators.registry import Registry, RegistryError, load_registry
from indicators.tables import tables
from orchestration.errors import ForecourtError
from orchestration.governance.scratch import build_cubes
from orchestration.settings import REPOSITORY, Settings

DAYS = 90
_REGISTRY = "indicators/registry"


@dataclass(frozen=True)
class Values:
    """A value for the whole network before and after, over the days `first` to `last`.

    `days_differing` of `days` have another value (None for an indicator with its own period); they
    are months where the indicator means something over whole months only.
    `problem` says why one side could not be computed.
    """

    first: date
    last: date
    before: float | None = None
    after: float | None = None
    days: int | None = None
    days_differing: int | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Compared:
    """A difference with what it does to the values."""

    difference: Difference
    values: Values | None


def registry_at(reference: str, folder: Path, repository: Path = REPOSITORY) -> Registry:
    """The registry as it stood at a git reference, written into `folder`.

    Raises ForecourtError where git does not know it, or where it cannot be read by today's grammar.
    """
    known = ["git", "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}"]
    if subprocess.run(known, cwd=repository, capture_output=True, check=False).returncode:
        raise ForecourtError(
            f"There is no commit '{reference}': name a branch, a tag or a commit, e.g. main or HEAD~3."
        )
    listed = _git(repository, "ls-tree", "-r", "--name-only", reference, "--", _REGISTRY)
    files = [name for name in listed.splitlines() if name.endswith(".yml")]
    if not files:
        raise ForecourtError(f"There is no indicator registry at {reference} ({_REGISTRY}).")
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        text = _git(repository, "show", f"{reference}:{name}")
        (folder / Path(name).name).write_text(text, encoding="utf-8")
    try:
        return load_registry(folder)
    except RegistryError as error:
        first = error.findings[0] if error.findings else "no naming standard"
        raise ForecourtError(
            f"The registry at {reference} cannot be read by today's grammar: {first}"
        ) from error


def compare(settings: Settings, old: Registry, new: Registry, *, with_values: bool = True) -> list[Compared]:
    """Every difference, with the values of both sides where they can be computed."""
    found = differences(old, new)
    moved = [one.code for one in found if one.has_new_values]
    if not with_values or not moved:
        return [Compared(one, None) for one in found]
    if not settings.warehouse.exists():
        raise ForecourtError(
            f"There is no warehouse at {settings.warehouse}: --no-values compares the words."
        )
    with tempfile.TemporaryDirectory(prefix="forecourt-diff-") as scratch:
        before = _Side(settings, old, moved, Path(scratch) / "old")
        after = _Side(settings, new, moved, Path(scratch) / "new")
        values = {code: _values(before, after, code) for code in moved}
    return [Compared(one, values.get(one.code)) for one in found]


class _Side:
    """One registry and its cubes of the processes that the moved indicators read."""

    def __init__(self, settings: Settings, registry: Registry, codes: Sequence[str], folder: Path) -> None:
        import duckdb

        self.registry = registry
        database, self._failed = build_cubes(settings, registry, _processes(registry, codes), folder)
        self._connection = duckdb.connect(str(database))
        self._connection.execute("set timezone = 'UTC'")
        self._connection.execute(f"attach '{settings.warehouse}' as warehouse_read (read_only)")

    def as_of(self, code: str) -> date | None:
        """The last day that every source of a code knows."""
        [[day]] = self._connection.execute(last_day_sql(self.registry, code)).fetchall()
        last: date | None = day
        return last

    def rows(self, request: Request) -> list[dict[str, Any]]:
        """The planner's answer on this side's cubes; no row where it says that there is no answer."""
        try:
            planned = plan(self.registry, request)
        except PlanError:
            return []
        answer = self._connection.execute(planned.sql, planned.params)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def problem(self, code: str) -> str | None:
        """Why a table that the code reads could not be built; None where all were."""
        for operand in self.registry.operands(resolve(self.registry, code).base):
            for table in tables(self.registry, self.registry.process_of[operand]):
                if operand in table.measures and table.name in self._failed:
                    return self._failed[table.name]
        return None

    def knows(self, code: str) -> bool:
        """Is the code written on this side?"""
        return self.registry.indicator(code) is not None


def _processes(registry: Registry, codes: Sequence[str]) -> list[str]:
    bases = [resolve(registry, code).base for code in codes if registry.indicator(code)]
    found = {registry.process_of[one].process for base in bases for one in registry.operands(base)}
    return sorted(found)


def _values(before: _Side, after: _Side, code: str) -> Values | None:
    sides = [side for side in (before, after) if side.knows(code)]
    broken = [problem for side in sides if (problem := side.problem(code))]
    if broken:
        return Values(date.min, date.min, problem=f"it cannot be computed because {broken[0]}")
    last = sides[-1].as_of(code)
    if last is None:
        return Values(date.min, date.min, problem="it cannot be computed because a source has no data")
    last -= timedelta(days=max(_matures(side, code) for side in sides))
    in_months = any(side.registry.whole_months(resolve(side.registry, code).base) for side in sides)
    first, last = _last_months(last) if in_months else (last - timedelta(days=DAYS - 1), last)
    totals = [_total(side, code, first, last) if side.knows(code) else None for side in (before, after)]
    if resolve(sides[-1].registry, code).period:
        return Values(first, last, totals[0], totals[1])
    grain = "month" if in_months else "day"
    daily = [_course(side, code, first, last, grain) if side.knows(code) else {} for side in (before, after)]
    days = sorted({*daily[0], *daily[1]})
    differing = sum(not _same(daily[0].get(day), daily[1].get(day)) for day in days)
    return Values(first, last, totals[0], totals[1], len(days), differing)


def _matures(side: _Side, code: str) -> int:
    return side.registry.matures(resolve(side.registry, code).base) or 0


def _total(side: _Side, code: str, first: date, last: date) -> float | None:
    own_period = bool(resolve(side.registry, code).period)
    asked = Request(code, date_to=last) if own_period else Request(code, date_from=first, date_to=last)
    rows = side.rows(asked)
    return _number(rows[0]["value"]) if rows else None


def _last_months(last: date) -> tuple[date, date]:
    """The last three complete months, where days have no value of their own."""
    _, end = periods.window("1m", last)
    return periods.months_before(end.replace(day=1), 2), end


def _course(side: _Side, code: str, first: date, last: date, grain: str) -> dict[date, float | None]:
    rows = side.rows(Request(code, date_from=first, date_to=last, grain=grain))
    return {row["period"]: _number(row["value"]) for row in rows}


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=repository, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ForecourtError(f"git says of '{' '.join(arguments)}': {said[0] if said else 'nothing'}")
    return done.stdout
