"""Who opened which page, with which filters, and how long the server took: `page_view` in `data/state`.

A page must not wait for a disk, so rows are handed to one thread that writes them in batches; what was
handed over is on disk after half a second, and when the process ends in an orderly way. Reveals of
identifying values are another matter: they are on disk before a value is shown (`identity_vault`).
"""

import atexit
import logging
import queue
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from serving.errors import StateUnavailable
from serving.state import now, state

SECONDS = 0.5
_INSERT = (
    "INSERT INTO page_view (viewed_at, viewed_by, page, query, milliseconds, outcome)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_Row = tuple[str, str, str, str, float, str]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PageView:
    """One row of the audit. `query` is the page's query string, `milliseconds` the time of its script."""

    view_id: int
    viewed_at: str
    viewed_by: str
    page: str
    query: str
    milliseconds: float
    outcome: str


class PageAudit:
    """The audit of one process, safe to use from many threads."""

    def __init__(self, state_file: Path) -> None:
        self._file = state_file
        self._rows: queue.SimpleQueue[_Row] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._writing = threading.Lock()
        threading.Thread(target=self._run, name="page-audit", daemon=True).start()
        atexit.register(self.flush)

    def note(self, by: str, page: str, query: Mapping[str, str], milliseconds: float, outcome: str) -> None:
        """Hand a row over; returns at once."""
        self._rows.put((now(), by, page, urlencode(query), round(milliseconds, 1), outcome))

    def flush(self) -> None:
        """Return when everything that was handed over is on disk, or was reported as lost."""
        with self._writing:
            rows: list[_Row] = []
            while not self._rows.empty():
                rows.append(self._rows.get())
            if not rows:
                return
            try:
                with state(self._file) as store:
                    store.executemany(_INSERT, rows)
            except StateUnavailable as error:
                _log.error("%d rows of the audit are lost: %s", len(rows), error)

    def _run(self) -> None:
        while not self._stop.wait(SECONDS):
            self.flush()


def page_views(state_file: Path, limit: int = 200) -> list[PageView]:
    """The audit, newest first."""
    if not state_file.exists():
        return []
    with state(state_file) as store:
        found: list[sqlite3.Row] = store.execute(
            "SELECT * FROM page_view ORDER BY view_id DESC LIMIT ?", [limit]
        ).fetchall()
    return [PageView(**dict(row)) for row in found]
