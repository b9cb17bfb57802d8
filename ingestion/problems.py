"""What went wrong with a source, in one sentence: what, where, and what to do."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import duckdb
import sqlalchemy as sa

from ingestion.readers.base import SourceError

Kept = Literal["nothing", "part", "pending", "uncounted", "unknown"]
KEPT: dict[Kept, str] = {
    "nothing": "Nothing of this load was kept and its cursor did not move",
    "part": "What it had loaded before that stays, with the cursor behind it",
    "pending": "Rows that were read wait in the working folder, and the next load begins with them",
    "uncounted": "Its rows are in the warehouse but not counted yet, which the next load does first",
    "unknown": "The warehouse does not say what was kept; the next load goes on from what it holds",
}


def explain(source: str, address: str | Path | None, problem: BaseException, kept: Kept = "nothing") -> str:
    """The message of a failed source, with what was kept of it. Passwords do not appear in it."""
    what = _sentence(list(_chain(problem)))
    return f"{source} ({_shown(address)}): {what}. {KEPT[kept]}; run it again when this is mended."


def _chain(problem: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, innermost last."""
    seen: set[int] = set()
    current: BaseException | None = problem
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _sentence(chain: list[BaseException]) -> str:
    for problem in chain:
        if isinstance(problem, SourceError):
            return str(problem)
        if isinstance(problem, sa.exc.DBAPIError):
            return _database(str(problem.orig).strip().splitlines())
        if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return "the disk is full; make room"
        if isinstance(problem, PermissionError):
            return f"no permission to read {problem.filename}; give it to the user who runs the load"
    for problem in chain:
        if isinstance(problem, duckdb.Error):
            text = str(problem).splitlines()[0]
            full = any(sign in text for sign in ("No space left", "File too large", "Could not write"))
            return f"the disk is full; make room ({text})" if full else f"the warehouse refused: {text}"
    last = [problem for problem in chain if not isinstance(problem, StopIteration)][-1]
    return f"{type(last).__name__}: {str(last).splitlines()[0] if str(last) else 'no further message'}"


def _database(lines: list[str]) -> str:
    text = lines[0] if lines else "the database gave no reason"
    low = text.lower()
    if "not a database" in low or "malformed" in low or "disk i/o" in low or "disk image" in low:
        return f"the database is damaged or cut off ({text}); bring back a whole copy"
    if "permission denied" in low or "unable to open" in low:
        return f"the database may not be read ({text}); give the user of the URL the right to select"
    if "connection" in low or "could not translate" in low or "timeout" in low or "resolve" in low:
        return f"the server cannot be reached ({text}); check host, port and network"
    return f"the database refused: {text}"


def _shown(address: str | Path | None) -> str:
    if isinstance(address, str):
        try:
            # the query goes too: drivers take a password there
            return sa.make_url(address).set(query={}).render_as_string(hide_password=True)
        except (sa.exc.ArgumentError, ValueError):
            return "the configured URL"
    return str(address)
