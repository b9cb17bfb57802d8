"""The small SQLite store that readers may write, `<data>/state/state.sqlite`: who revealed what, what
reviewers answered, who may see what, who opened which page. The pipeline reads it; nothing of it can be
computed again, so it is worth a backup.

Rows are only added. Instants are UTC as ISO 8601 text, which sorts as it reads.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from serving.errors import StateUnavailable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS identity_reveal (
    reveal_id INTEGER PRIMARY KEY,
    revealed_at TEXT NOT NULL,
    revealed_by TEXT NOT NULL,
    one_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    reason TEXT NOT NULL,
    revealed_in TEXT NOT NULL,
    version INTEGER
);
CREATE TABLE IF NOT EXISTS review_answer (
    answer_id INTEGER PRIMARY KEY,
    answered_at TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    record_key_a TEXT NOT NULL,
    record_key_b TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('same', 'different', 'unsure')),
    answered_in TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS access_grant (
    grant_id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('all', 'region', 'dealer')),
    id TEXT,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    granted_by TEXT NOT NULL,
    granted_at TEXT NOT NULL,
    revoked_at TEXT,
    revoked_by TEXT
);
CREATE INDEX IF NOT EXISTS access_grant_email ON access_grant (email);
CREATE TABLE IF NOT EXISTS page_view (
    view_id INTEGER PRIMARY KEY,
    viewed_at TEXT NOT NULL,
    viewed_by TEXT NOT NULL,
    page TEXT NOT NULL,
    query TEXT NOT NULL,
    milliseconds REAL NOT NULL,
    outcome TEXT NOT NULL
);
"""
# A second writer waits so long for the first; one row takes a millisecond.
_BUSY_SECONDS = 10.0


@contextmanager
def state(file: Path) -> Iterator[sqlite3.Connection]:
    """The store, made where there is none; what the block wrote is on disk when it ends, or not at all.

    Raises StateUnavailable where the file cannot be opened or written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=_BUSY_SECONDS)
    except (OSError, sqlite3.Error) as error:
        raise StateUnavailable(f"The store {file} cannot be opened: {error}.") from error
    try:
        connection.row_factory = sqlite3.Row
        # Readers of the dashboards and the pipeline do not wait for each other with a write-ahead log.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
        with connection:
            yield connection
    except sqlite3.Error as error:
        raise StateUnavailable(f"The store {file} cannot be read or written: {error}.") from error
    finally:
        connection.close()


def now() -> str:
    """This instant as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
