"""The only door to identifying values: one person at a time, with an audit row that is written first.

    vault = IdentityVault(settings)
    vault.reveal("P3f…", ["phone"], by="a.keller", reason="calls back about order O17", where="dashboards")

The audit (`<data>/state/state.sqlite`, table `identity_reveal`) says who, whom, which fields, when and why. A
reveal whose audit row cannot be written shows nothing; one that then fails stays in the audit.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving import identity_file, layout
from serving.errors import NoSnapshot, RevealRefused
from serving.identity_key import read_key
from serving.settings import ReaderSettings
from serving.state import now, state

# What the golden record knows of a person and where each value came from: see dim_customer_identity.
FIELDS = (
    "given_name", "family_name", "organisation", "birth_date", "email", "phone", "street", "postal_code",
    "city",
)  # fmt: skip


@dataclass(frozen=True)
class RevealedValue:
    """One value of the golden record: where it came from and when that record said so (UTC, ISO 8601)."""

    value: str | None
    record_key: str | None
    said_at: str | None


@dataclass(frozen=True)
class Reveal:
    """One row of the audit."""

    reveal_id: int
    revealed_at: str
    revealed_by: str
    one_id: str
    fields: str
    reason: str
    revealed_in: str
    version: int | None


class IdentityVault:
    """The identifying values of the current snapshot."""

    def __init__(self, settings: ReaderSettings) -> None:
        self._settings = settings

    def reveal(
        self, one_id: str, fields: Sequence[str] = FIELDS, *, by: str, reason: str, where: str
    ) -> dict[str, RevealedValue]:
        """The named fields of one person. `where` is the surface that asks (dashboards, command line).

        Raises RevealRefused without a reason, for an unknown field or person; IdentityKeyMissing, NoSnapshot.
        """
        unknown = sorted(set(fields) - set(FIELDS))
        if unknown or not fields:
            raise RevealRefused(
                f"There is no field {', '.join(unknown) or '(none named)'}: there are {', '.join(FIELDS)}."
            )
        file, version = self._file()
        key = read_key(self._settings)
        record_reveal(
            self._settings.state_file, one_id, fields, by=by, reason=reason, where=where, version=version
        )
        body = identity_file.open_one(file, key, one_id)
        if body is None:
            raise RevealRefused(f"There is no person {one_id} in the published data.")
        return _values(json.loads(body), fields)

    def _file(self) -> tuple[Path, int]:
        ref = layout.current(self._settings.snapshots_dir)
        if ref is None:
            raise NoSnapshot(f"Nothing is published in {self._settings.snapshots_dir} yet: run `make run`.")
        if not ref.identity_path.is_file():
            raise NoSnapshot(
                f"Version {ref.version} was published without identifying values: publish again with a key."
            )
        return ref.identity_path, ref.version


def record_reveal(
    state_file: Path,
    one_id: str,
    fields: Sequence[str],
    *,
    by: str,
    reason: str,
    where: str,
    version: int | None = None,
) -> None:
    """Write an audit row; the values may be shown once this has returned. Raises RevealRefused without a
    reason.
    """
    if len(reason.strip()) < 3 or not by.strip():
        raise RevealRefused("Say who asks and why: identifying values are shown only with both.")
    with state(state_file) as store:
        store.execute(
            "INSERT INTO identity_reveal"
            " (revealed_at, revealed_by, one_id, fields, reason, revealed_in, version)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [now(), by.strip(), one_id, ",".join(fields), reason.strip(), where, version],
        )


def reveals(state_file: Path, limit: int = 100) -> list[Reveal]:
    """The audit, newest first."""
    if not state_file.exists():
        return []
    with state(state_file) as store:
        found: list[sqlite3.Row] = store.execute(
            "SELECT * FROM identity_reveal ORDER BY reveal_id DESC LIMIT ?", [limit]
        ).fetchall()
    return [Reveal(**dict(row)) for row in found]


def _values(record: dict[str, Any], fields: Sequence[str]) -> dict[str, RevealedValue]:
    return {
        field: RevealedValue(
            record.get(field), record.get(f"{field}_record_key"), record.get(f"{field}_said_at")
        )
        for field in fields
    }
