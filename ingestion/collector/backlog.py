"""How much is sealed and not loaded yet.

Where nobody loads, there are many files, and to count them takes long: never on the event loop or on the
log's writer, and never more than a small part of the time.
"""

import logging
import threading
import time
from contextlib import suppress
from pathlib import Path

COUNT_SECONDS = 1.0  # between two counts
COUNT_SHARE = 20  # and at least so many times as long as the last one took
MESSAGES = logging.getLogger("forecourt.collector")


class Backlog:
    """The sealed segments of some lanes, as they were counted last: ``bytes`` and ``segments``."""

    def __init__(self, lanes: list[Path]) -> None:
        self.bytes = self.segments = 0
        self._lanes = lanes
        self._next = 0.0
        self._counting = threading.Lock()

    @property
    def is_due(self) -> bool:
        """Is it time to count again, and nobody at it?"""
        return time.monotonic() >= self._next and not self._counting.locked()

    def count(self) -> None:
        """Count where it is time to. Reads folders: call it in a thread."""
        if not self.is_due or not self._counting.acquire(blocking=False):
            return
        started = time.monotonic()
        try:
            self.bytes, self.segments = self._counted()
        except OSError as error:  # the last count holds: to take events matters more
            MESSAGES.warning("the waiting segments could not be counted: %s", error.strerror)
        finally:
            took = time.monotonic() - started
            self._next = started + took + max(COUNT_SECONDS, COUNT_SHARE * took)
            self._counting.release()

    def _counted(self) -> tuple[int, int]:
        sizes = []
        for lane in self._lanes:
            for path in lane.glob("*.jsonl"):
                with suppress(FileNotFoundError):  # it was just loaded
                    sizes.append(path.stat().st_size)
        return sum(sizes), len(sizes)
