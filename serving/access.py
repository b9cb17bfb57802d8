"""What a reader may see of the published data: everything, regions, dealers, or nothing.

The grants live in the store that readers may write (`<data>/state`): who, what, from when to when, and who
said so. A provider's claims say who somebody is, never what they may see.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from serving.errors import AccessRefused
from serving.state import now, state

Kind = Literal["all", "region", "dealer", "none"]


@dataclass(frozen=True)
class AccessScope:
    """The rows that a reader may see. `ids` are region codes (ISO 3166-2) or dealer ids, as `kind` says."""

    kind: Kind
    ids: tuple[str, ...] = ()


EVERYTHING = AccessScope("all")
NOTHING = AccessScope("none")


@dataclass(frozen=True)
class Grant:
    """One line of `access_grant`: from `valid_from` to `valid_to` (both included, open where None)."""

    grant_id: int
    email: str
    kind: Kind
    id: str | None
    valid_from: str
    valid_to: str | None
    granted_by: str
    granted_at: str
    revoked_at: str | None


def grant(
    state_file: Path,
    email: str,
    kind: Kind,
    ids: Sequence[str] = (),
    *,
    by: str,
    valid_from: date,
    valid_to: date | None = None,
) -> None:
    """Give `email` the dealers or regions `ids`, or everything. Raises AccessRefused."""
    name = _normal(email)
    if "@" not in name or not by.strip():
        raise AccessRefused(f"'{email}' is no e-mail address, or nobody is named who grants this.")
    if kind not in get_args(Kind) or kind == "none" or (kind == "all") == bool(ids):
        raise AccessRefused("Grant 'all' without ids, or 'region' or 'dealer' with at least one.")
    if valid_to is not None and valid_to < valid_from:
        raise AccessRefused(f"The grant ends on {valid_to}, before it begins on {valid_from}.")
    said = now()
    with state(state_file) as store:
        store.executemany(
            "INSERT INTO access_grant (email, kind, id, valid_from, valid_to, granted_by, granted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (name, kind, one, valid_from.isoformat(), valid_to and valid_to.isoformat(), by.strip(), said)
                for one in (ids or (None,))
            ],
        )


def revoke(state_file: Path, grant_id: int, *, by: str) -> None:
    """Take a grant back from this moment on; the line stays."""
    with state(state_file) as store:
        store.execute(
            "UPDATE access_grant SET revoked_at = ?, revoked_by = ?"
            " WHERE grant_id = ? AND revoked_at IS NULL",
            [now(), by.strip(), grant_id],
        )


def grants(state_file: Path) -> list[Grant]:
    """Every grant, the newest first, those that ended included."""
    if not state_file.exists():
        return []
    with state(state_file) as store:
        found: list[sqlite3.Row] = store.execute(
            "SELECT grant_id, email, kind, id, valid_from, valid_to, granted_by, granted_at, revoked_at"
            "  FROM access_grant ORDER BY grant_id DESC"
        ).fetchall()
    return [Grant(**dict(row)) for row in found]


def scope_of(state_file: Path, email: str | None, on: date) -> AccessScope:
    """What somebody may see on a day: the widest kind of their valid grants; a stranger nothing.

    Raises StateUnavailable where the store cannot be read: better no page than the wrong rows.
    """
    if email is None or not state_file.exists():
        return NOTHING
    with state(state_file) as store:
        rows = store.execute(
            "SELECT kind, id FROM access_grant WHERE email = ? AND revoked_at IS NULL"
            "   AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) ORDER BY id",
            [_normal(email), on.isoformat(), on.isoformat()],
        ).fetchall()
    held = {kind: tuple(row["id"] for row in rows if row["kind"] == kind) for kind in ("region", "dealer")}
    if any(row["kind"] == "all" for row in rows):
        return EVERYTHING
    if held["region"]:
        return AccessScope("region", held["region"])
    return AccessScope("dealer", held["dealer"]) if held["dealer"] else NOTHING


def _normal(email: str) -> str:
    return email.strip().lower()
