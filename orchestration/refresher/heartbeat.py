"""The heartbeat: once a second what the process is doing, also while dbt works for long."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from orchestration.refresher.journal import Journal


class Heartbeat:
    """Writes the state file of ``journal``; ``describe`` gives what it says beside the state. A disk that is
    full stops no heart: the state becomes old then, and whoever looks at it is told.
    """

    def __init__(self, journal: Journal, describe: Callable[[], dict[str, Any]]) -> None:
        self._journal, self._describe = journal, describe
        self._state, self._since = "starting", datetime.now(UTC)
        self._ended, self._telling = threading.Event(), threading.Lock()

    def start(self) -> None:
        """Begin to beat."""
        threading.Thread(target=self._beat, name="refresh-heartbeat", daemon=True).start()

    def stop(self) -> None:
        """Say that the process was stopped, and nothing more."""
        self._ended.set()
        self.tell("stopped")

    def tell(self, state: str) -> None:
        """Another state has begun."""
        if state != self._state:
            self._state, self._since = state, datetime.now(UTC)
            self._write()

    def _beat(self) -> None:
        while not self._ended.wait(1.0):
            self._write()

    def _write(self) -> None:
        with self._telling, suppress(OSError):
            now = datetime.now(UTC).isoformat()
            self._journal.tell(self._state, now, since=self._since.isoformat(), **self._describe())
