"""Group commit: many requests share one write and one ``fdatasync``, and each waits until its own bytes
are safe.
"""

import asyncio
import errno
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingestion.collector.segments import Segment, recover

Lane = Literal["normal", "critical"]
LANES: tuple[Lane, ...] = ("critical", "normal")  # in the order in which they are written


COUNT_SECONDS = 1.0


class LogFullError(Exception):
    """The log cannot take more now; ``retry_after`` (seconds) says when to come again.

    ``is_busy`` where it is only a matter of speed, not of a disk that has to be looked at.
    """

    def __init__(self, message: str, retry_after: int, *, is_busy: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.is_busy = is_busy


@dataclass(frozen=True)
class LogLimits:
    """``seal_seconds`` and ``seal_bytes`` end a segment, whichever comes first; ``queue_bytes`` bounds
    what waits for the disk, ``waiting_bytes`` (0: nothing does) sealed segments that nobody has loaded.
    """

    seal_seconds: float = 1.0
    seal_bytes: int = 64 * 1024 * 1024
    queue_bytes: int = 64 * 1024 * 1024
    waiting_bytes: int = 0
    commit_bytes: int = 8 * 1024 * 1024


@dataclass(slots=True)
class _Waiting:
    lines: Sequence[bytes]
    size: int
    done: asyncio.Future[str]


class LogWatcher:
    """Hears what the log does, on the log's thread. ``segment`` is the name that the segment keeps."""

    def opened(self, lane: Lane, segment: str) -> None:
        """A segment was begun."""

    def committed(self, lane: Lane, segment: str, events: int, size: int, seconds: float) -> None:
        """A group of ``events`` lines, ``size`` bytes, is on disk after ``seconds`` of writing."""

    def sealed(self, lane: Lane, segment: str, events: int, size: int) -> None:
        """A segment of so many lines and bytes was closed."""


class EventLog:
    """The log of one process: one writer thread, one open segment for each lane that is in use."""

    def __init__(
        self,
        folder: Path,
        limits: LogLimits | None = None,
        watchers: Sequence[LogWatcher] = (),
    ) -> None:
        self.folder = folder
        self.limits = limits or LogLimits()
        self.queued_bytes = 0
        self.waiting_bytes = self.waiting_segments = 0
        self._counted_at = -COUNT_SECONDS
        self.problem: str | None = None
        self._watchers = watchers
        self._queues: dict[Lane, deque[_Waiting]] = {lane: deque() for lane in LANES}
        self._segments: dict[Lane, tuple[Segment, float]] = {}
        self._wake = threading.Condition()
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="event-log", daemon=True)

    def start(self) -> list[Path]:
        """Seal what killed processes left, then begin to write. Returns what was sealed. Call it inside
        the event loop.
        """
        self._loop = asyncio.get_running_loop()
        left = [path for lane in LANES for path in recover(self._lane_folder(lane))]
        self._thread.start()
        return left

    async def append(self, lines: Sequence[bytes], lane: Lane = "normal") -> str:
        """Return when the lines are on disk, with the name of their segment.

        Raises :class:`LogFullError` where they will not be.
        """
        size = sum(map(len, lines))
        if self.queued_bytes and self.queued_bytes + size > self.limits.queue_bytes:
            raise LogFullError("the collector has more to write than its disk takes", 1, is_busy=True)
        if 0 < self.limits.waiting_bytes <= self.waiting_bytes:
            self.count_waiting()
            raise LogFullError("more events wait to be loaded than the collector may keep", 30)
        if self._stopping or self._loop is None:
            raise LogFullError("the collector is shutting down", 5)
        waiting = _Waiting(lines, size, self._loop.create_future())
        with self._wake:
            self.queued_bytes += size
            self._queues[lane].append(waiting)
            self._wake.notify()
        return await waiting.done

    def stop(self) -> None:
        """Write what waits, seal the open segments, end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join()

    def count_waiting(self) -> None:
        """Look, at most once a second, how much is sealed and not loaded."""
        now = time.monotonic()
        if now - self._counted_at < COUNT_SECONDS:
            return
        self._counted_at = now
        sizes = []
        for lane in LANES:
            for path in self._lane_folder(lane).glob("*.jsonl"):
                with suppress(FileNotFoundError):  # it was just loaded
                    sizes.append(path.stat().st_size)
        self.waiting_bytes, self.waiting_segments = sum(sizes), len(sizes)

    def _lane_folder(self, lane: Lane) -> Path:
        return self.folder / lane

    def _run(self) -> None:
        while True:
            with self._wake:
                if not any(self._queues.values()) and not self._stopping:
                    self._wake.wait(self._seconds_to_seal())
                batches = {lane: self._take(lane) for lane in LANES}
                stopping = self._stopping and not any(self._queues.values())
            for lane, batch in batches.items():
                if batch:
                    self._commit(lane, batch)
            self._seal_due(everything=stopping)
            if stopping:
                return

    def _take(self, lane: Lane) -> list[_Waiting]:
        """What goes into the next commit of a lane: all that waits, up to ``commit_bytes``."""
        queue, size = self._queues[lane], 0
        batch: list[_Waiting] = []
        while queue and (not batch or size + queue[0].size <= self.limits.commit_bytes):
            waiting = queue.popleft()
            size += waiting.size
            batch.append(waiting)
        return batch

    def _commit(self, lane: Lane, batch: list[_Waiting]) -> None:
        started = time.perf_counter()
        lines = [line for waiting in batch for line in waiting.lines]
        size = sum(waiting.size for waiting in batch)
        answer: str | Exception
        try:
            segment = self._segment(lane)
            segment.append(lines)
            self.problem, answer = None, segment.name
        except OSError as error:
            answer = _refusal(error)
            self.problem = str(answer)
        self._answer(batch, size, answer)
        if isinstance(answer, str):
            seconds = time.perf_counter() - started
            for watcher in self._watchers:
                watcher.committed(lane, answer, len(lines), size, seconds)

    def _segment(self, lane: Lane) -> Segment:
        """The open segment of a lane."""
        if lane not in self._segments:
            segment = Segment(self._lane_folder(lane))
            self._segments[lane] = (segment, time.monotonic())
            for watcher in self._watchers:
                watcher.opened(lane, segment.name)
        return self._segments[lane][0]

    def _answer(self, batch: list[_Waiting], size: int, answer: str | Exception) -> None:
        def tell() -> None:
            self.queued_bytes -= size
            for waiting in batch:
                if waiting.done.done():  # the client went away
                    continue
                if isinstance(answer, str):
                    waiting.done.set_result(answer)
                else:
                    waiting.done.set_exception(answer)

        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(tell)
        except RuntimeError:  # the loop is closed: the process ends, and nobody waits any more
            return

    def _seconds_to_seal(self) -> float | None:
        """How long until an open segment is due; None where none is open."""
        begun = [since for _, since in self._segments.values()]
        return max(0.0, min(begun) + self.limits.seal_seconds - time.monotonic()) if begun else None

    def _seal_due(self, *, everything: bool) -> None:
        now = time.monotonic()  # a clock that is set back must not keep a segment open
        for lane, (segment, since) in list(self._segments.items()):
            if (
                everything
                or now - since >= self.limits.seal_seconds
                or segment.size >= self.limits.seal_bytes
            ):
                del self._segments[lane]
                self.count_waiting()
                try:
                    segment.seal()
                except OSError as error:  # the events are safe in the open file; the next start seals it
                    self.problem = f"a segment could not be sealed: {error.strerror}"
                for watcher in self._watchers:
                    watcher.sealed(lane, segment.name, segment.lines, segment.size)


def _refusal(error: OSError) -> LogFullError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return LogFullError("the collector's disk is full", 30)
    return LogFullError(f"the collector's disk refused the write: {error.strerror}", 10)
