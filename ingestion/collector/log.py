"""Group commit: many requests share one write and one ``fdatasync``, and each waits until its own bytes
are safe.
"""

import asyncio
import errno
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingestion.collector.backlog import Backlog
from ingestion.collector.segments import Segment, recover

Lane = Literal["normal", "critical"]
LANES: tuple[Lane, ...] = ("critical", "normal")  # in the order in which they are written

PROBLEM_SECONDS = 30.0
RETRY_SECONDS = 1.0  # between two attempts to seal a segment, and after a fault that nobody foresaw
MESSAGES = logging.getLogger("forecourt.collector")


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
        self.backlog = Backlog([self._lane_folder(lane) for lane in LANES])
        self._write_problem: str | None = None
        self._failed_at = 0.0
        self._seal_problem: str | None = None
        self._watchers = watchers
        self._queues: dict[Lane, deque[_Waiting]] = {lane: deque() for lane in LANES}
        self._segments: dict[Lane, tuple[Segment, float]] = {}
        self._unsealed: list[tuple[Lane, Segment]] = []  # the disk refused to seal them; tried again
        self._wake = threading.Condition()
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="event-log", daemon=True)

    @property
    def problem(self) -> str | None:
        """What is wrong with the disk or the writer, in one sentence. A write that failed counts for so long
        as nobody could have tried again: who sends only to what is ready must come back.
        """
        if self._loop is not None and not self._stopping and not self._thread.is_alive():
            return "the log's writer has ended: restart the collector"
        if self._write_problem and time.monotonic() - self._failed_at < PROBLEM_SECONDS:
            return self._write_problem
        return self._seal_problem

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
        if self.queued_bytes + size > self.limits.queue_bytes:
            raise LogFullError("the collector has more to write than its disk takes", 1, is_busy=True)
        if self._stopping or self._loop is None:
            raise LogFullError("the collector is shutting down", 5)
        if not self._thread.is_alive():  # nobody would ever answer
            raise LogFullError("the collector cannot write", 30)
        self._count_backlog(self._loop)
        if self.has_backlog:
            raise LogFullError("more events wait to be loaded than the collector may keep", 30)
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

    @property
    def has_backlog(self) -> bool:
        """Is more sealed and not loaded than may be?"""
        return 0 < self.limits.waiting_bytes <= self.backlog.bytes

    def _count_backlog(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the backlog counted where it has a limit. Who comes meanwhile is held by the last count."""
        if self.limits.waiting_bytes and self.backlog.is_due:
            loop.run_in_executor(None, self.backlog.count)

    def _lane_folder(self, lane: Lane) -> Path:
        return self.folder / lane

    def _run(self) -> None:
        """The writer thread: whatever happens in one round, there is a next one."""
        is_over = False
        while not is_over:
            try:
                is_over = self._round()
            except Exception as error:
                self._fail(_refusal(error))
                with self._wake:
                    is_over = self._stopping
                    if not is_over:
                        self._wake.wait(RETRY_SECONDS)

    def _fail(self, refusal: LogFullError) -> None:
        """Refuse all that waits: a sender that hears nothing waits for ever."""
        self._write_problem, self._failed_at = str(refusal), time.monotonic()
        with self._wake:
            rest = [waiting for queue in self._queues.values() for waiting in queue]
            for queue in self._queues.values():
                queue.clear()
        self._answer(rest, sum(waiting.size for waiting in rest), refusal)

    def _round(self) -> bool:
        """Commit what waits, seal what is due. True where that was the last time."""
        with self._wake:
            if not any(self._queues.values()) and not self._stopping:
                self._wake.wait(self._seconds_to_seal())
            batches = {lane: self._take(lane) for lane in LANES}
            stopping = self._stopping and not any(self._queues.values())
        for lane, batch in batches.items():
            if batch:
                self._commit(lane, batch)
        self._seal_again()
        self._seal_due(everything=stopping)
        if stopping:
            for _, segment in self._unsealed:
                segment.close()
        return stopping

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
            self._write_problem, answer = None, segment.name
        except Exception as error:
            answer = _refusal(error)
            self._write_problem, self._failed_at = str(answer), time.monotonic()
        self._answer(batch, size, answer)
        if isinstance(answer, str):
            name, seconds = answer, time.perf_counter() - started
            self._tell(lambda watcher: watcher.committed(lane, name, len(lines), size, seconds))

    def _segment(self, lane: Lane) -> Segment:
        """The open segment of a lane."""
        if lane not in self._segments:
            segment = Segment(self._lane_folder(lane))
            self._segments[lane] = (segment, time.monotonic())
            self._tell(lambda watcher: watcher.opened(lane, segment.name))
        return self._segments[lane][0]

    def _tell(self, what: Callable[[LogWatcher], None]) -> None:
        """A watcher that fails costs its own news only."""
        for watcher in self._watchers:
            try:
                what(watcher)
            except Exception:
                MESSAGES.exception("a watcher of the event log failed")

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
        """How long until a segment is due; None where none is open."""
        if self._unsealed:
            return RETRY_SECONDS
        begun = [since for _, since in self._segments.values()]
        return max(0.0, min(begun) + self.limits.seal_seconds - time.monotonic()) if begun else None

    def _seal_due(self, *, everything: bool) -> None:
        now = time.monotonic()  # a clock that is set back must not keep a segment open
        stuck = {lane for lane, _ in self._unsealed}
        for lane, (segment, since) in list(self._segments.items()):
            is_due = now - since >= self.limits.seal_seconds or segment.size >= self.limits.seal_bytes
            # Behind one that cannot be sealed the next stays open, so that there are never many.
            if everything or (is_due and lane not in stuck):
                del self._segments[lane]
                self._seal(lane, segment)

    def _seal_again(self) -> None:
        unsealed, self._unsealed = self._unsealed, []
        for lane, segment in unsealed:
            self._seal(lane, segment)
        if not self._unsealed:
            self._seal_problem = None

    def _seal(self, lane: Lane, segment: Segment) -> None:
        try:
            segment.seal()
        except OSError as error:  # its events are safe, but nobody can load them yet
            self._unsealed.append((lane, segment))
            self._seal_problem = f"a segment could not be sealed: {error.strerror}"
            return
        self._tell(lambda watcher: watcher.sealed(lane, segment.name, segment.lines, segment.size))


def _refusal(error: Exception) -> LogFullError:
    if not isinstance(error, OSError):
        MESSAGES.error("a fault in the event log", exc_info=error)
        return LogFullError(f"the collector could not write: {type(error).__name__}", 10)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return LogFullError("the collector's disk is full", 30)
    return LogFullError(f"the collector's disk refused the write: {error.strerror}", 10)
