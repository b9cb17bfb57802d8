"""The logs of decisions, seeds of the dbt project to which rows are only added.

    seeds/id_steward_decision.csv   link, unlink or withdraw, on two source records
    seeds/id_blocked_value.csv      block or unblock, on the value of an identifier
    seeds/id_accepted_jump.csv      figures that jumped and are right

The last row on a pair or a value is what stands (models id_decision and id_block). Both files belong into
version control: a commit is the second signature.
"""

import csv
import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from orchestration.errors import ForecourtError
from orchestration.settings import Settings

_UNDO = "takes back the decision of "


@dataclass(frozen=True)
class PairDecision:
    """One row of id_steward_decision.csv. `decided_at` is an ISO 8601 instant in UTC."""

    decision: str
    record_key_a: str
    record_key_b: str
    decided_by: str
    decided_at: str
    reason: str

    @property
    def subject(self) -> tuple[str, ...]:
        """What the row is about, the same whichever way round it was written."""
        return tuple(sorted((self.record_key_a, self.record_key_b)))


@dataclass(frozen=True)
class ValueDecision:
    """One row of id_blocked_value.csv."""

    decision: str
    identifier_type: str
    identifier_value: str
    decided_by: str
    decided_at: str
    reason: str

    @property
    def subject(self) -> tuple[str, ...]:
        """What the row is about."""
        return (self.identifier_type, self.identifier_value)


@dataclass(frozen=True)
class AcceptedJump:
    """One row of id_accepted_jump.csv: the figures of OneID as they were then are believed."""

    decided_by: str
    decided_at: str
    reason: str


Decision = PairDecision | ValueDecision
_FILES: dict[type[Decision | AcceptedJump], str] = {
    PairDecision: "id_steward_decision.csv",
    ValueDecision: "id_blocked_value.csv",
    AcceptedJump: "id_accepted_jump.csv",
}
# What says that nothing is decided any more.
_NOTHING = {PairDecision: "withdraw", ValueDecision: "unblock"}


def path_of(settings: Settings, kind: type[Decision | AcceptedJump]) -> Path:
    """The seed that holds decisions of this kind."""
    return settings.dbt_project_dir / "seeds" / _FILES[kind]


def decisions(settings: Settings, kind: type[Decision]) -> list[Decision]:
    """Every row of one log, oldest first. Raises ForecourtError where the file is not such a log."""
    rows: list[Decision] = [kind(**row) for row in _read(settings, kind)]
    return sorted(rows, key=lambda row: row.decided_at)


def _read(settings: Settings, kind: type[Decision | AcceptedJump]) -> list[dict[str, str]]:
    file = path_of(settings, kind)
    names = [field.name for field in fields(kind)]
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened)
            if reader.fieldnames != names:
                raise ForecourtError(
                    f"{file} needs the columns {', '.join(names)} and has {reader.fieldnames}."
                )
            return list(reader)
    except FileNotFoundError as error:
        raise ForecourtError(
            f"There is no {file}: run from a clone of the repository, or set FORECOURT_DBT_PROJECT_DIR."
        ) from error


def standing(rows: list[Decision]) -> dict[tuple[str, ...], Decision]:
    """What holds now, by subject: the last row, unless it says that nothing is decided."""
    last = {row.subject: row for row in rows}
    return {subject: row for subject, row in last.items() if row.decision != _NOTHING[type(row)]}


def standing_pairs(settings: Settings) -> list[PairDecision]:
    """The decisions on pairs that hold now."""
    rows = standing(decisions(settings, PairDecision)).values()
    return [row for row in rows if isinstance(row, PairDecision)]


def add(settings: Settings, row: Decision | AcceptedJump) -> None:
    """Append one decision; the file is replaced in one step, so no reader sees half of it."""
    if not row.reason.strip():
        raise ForecourtError("A decision needs a reason: add --reason TEXT.")
    with _only_writer(settings):
        rows = [list(one.values()) for one in _read(settings, type(row))]
        file = path_of(settings, type(row))
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        with fresh.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow([field.name for field in fields(row)])
            writer.writerows([*rows, astuple(row)])
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)


def undo(settings: Settings, by: str) -> tuple[Decision, Decision]:
    """Take back the last decision that was not taken back yet: what stood before it stands again.

    Returns the decision and the row that was added. Raises ForecourtError where there is none.
    """
    rows: list[Decision] = [*decisions(settings, PairDecision), *decisions(settings, ValueDecision)]
    rows.sort(key=lambda row: row.decided_at)
    done = {(row.subject, row.reason.removeprefix(_UNDO)) for row in rows if row.reason.startswith(_UNDO)}
    open_rows = [
        row for row in rows if not row.reason.startswith(_UNDO) and (row.subject, row.decided_at) not in done
    ]
    if not open_rows:
        raise ForecourtError("There is no decision to take back.")
    last = open_rows[-1]
    before = [row for row in rows if row.subject == last.subject and row.decided_at < last.decided_at]
    stood = before[-1].decision if before else _NOTHING[type(last)]
    added = replace(
        last, decision=stood, decided_by=by, decided_at=instant(), reason=f"{_UNDO}{last.decided_at}"
    )
    add(settings, added)
    return last, added


def instant() -> str:
    """Now, as the logs write it; microseconds keep two decisions in a row apart."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def current_user(settings: Settings) -> str:
    """Who decides: git's user of the dbt project, else the system's."""
    done = subprocess.run(
        ["git", "-C", str(settings.dbt_project_dir), "config", "user.email"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or getpass.getuser()


@contextmanager
def _only_writer(settings: Settings) -> Iterator[None]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.data_dir / "stewardship.lock", timeout=30):
        yield
