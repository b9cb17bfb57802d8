"""One process that stays: when a pass is due, who may write, and how it ends."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from ingestion.config import SOURCE_NAMES
from ingestion.live.waiting import backlog
from orchestration import pipeline, tracing
from orchestration.dbt_build import close_warehouse, warehouse_variable
from orchestration.errors import ForecourtError
from orchestration.lock import WriterBusyError, is_wanted, writer_lock
from orchestration.progress import Progress
from orchestration.refresher.changes import is_built
from orchestration.refresher.full_lane import FullLane
from orchestration.refresher.journal import Journal, LaneName, Pass
from orchestration.refresher.live_lane import LiveLane, lag, source_rows
from orchestration.refresher.slices import Slices
from orchestration.refresher.timing import Timing
from orchestration.reject_alarm import watch_rejects
from orchestration.settings import Settings

RETRY_SECONDS = 5.0  # after a pass that failed


class Refresher:
    """Passes over one data folder, for as long as nobody stops it.

        with Refresher(settings, progress) as refresher:
            for done in refresher.passes(stop):
                ...

    Holds the writer's lock, and lets somebody who waits for it in between two passes. Raises
    ``WriterBusyError`` at the start where another process writes, ``ForecourtError`` where nothing was ever
    built here.
    """

    def __init__(
        self, settings: Settings, progress: Progress, command: str = "forecourt refresh --watch"
    ) -> None:
        self.settings, self._progress, self._command = settings, progress, command
        self.boot_id = uuid.uuid4().hex[:12]
        self._stack, self._locked = ExitStack(), ExitStack()
        self._state = "starting"
        self._last: Pass | None = None
        self._ended, self._telling = threading.Event(), threading.Lock()
        self._is_built = False  # as this project says
        self._sources_due = self._full_due = self._describe_due = 0.0

    def __enter__(self) -> Self:
        if not self.settings.warehouse.exists():
            raise ForecourtError(
                f"There is no warehouse at {self.settings.warehouse} yet: run `forecourt run` first."
            )
        self._locked.enter_context(writer_lock(self.settings.data_dir, self._command))
        try:
            self._stack.enter_context(warehouse_variable(self.settings))
            self._journal = Journal(self.settings)
            self._slices = Slices(self.settings)
            self._live = LiveLane(self.settings, self._slices, self.settings.segments_dir)
            self._full = FullLane(self.settings, self._slices)
            self._open()
            self._is_built = is_built(self._slices)
        except BaseException:
            self._close()
            raise
        threading.Thread(target=self._beat, name="refresh-heartbeat", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._live.tidy(everything=True)
        finally:
            self._ended.set()
            self._tell("stopped")
            self._close()

    def passes(self, stop: threading.Event) -> Iterator[Pass]:
        """Pass after pass until ``stop`` is set; a pass that began is finished."""
        while not stop.is_set():
            if is_wanted(self.settings.data_dir):
                self._let_others_write(stop)
            elif time.monotonic() >= self._sources_due:
                yield from self._full_pass()
            elif self._is_built and self._live.waiting():
                done = self._live_pass()
                yield done
                if done.error:
                    stop.wait(RETRY_SECONDS)
            else:
                self._tell("idle")
                self._live.tidy()
                stop.wait(self.settings.refresh.poll_seconds)

    def _live_pass(self) -> Pass:
        self._tell("live")
        timing = Timing()
        found: dict[str, Any] = {}
        try:
            loaded = self._live.load(timing)
            if loaded:
                found |= {"sources": source_rows(loaded), "segments": list(loaded.segments)}
            found["models"] = self._live.build(timing)
            found |= self._publish(timing)
            found["lag_seconds"] = lag([loaded] if loaded else [], time.time())
        except ForecourtError as failed:
            found["error"] = str(failed)
        self._live.tidy()
        return self._done("live", timing, found)

    def _full_pass(self) -> Iterator[Pass]:
        """Ask the batch sources; where they brought something, or it is time, everything that follows. Live
        passes come in between.
        """
        self._tell("full")
        timing, every = Timing(), self.settings.refresh
        models: list[str] = []
        found: dict[str, Any] = {"models": models}
        try:
            found["sources"] = self._full.load(list(SOURCE_NAMES), timing)
            self._open()
            brought = any(one.loaded for one in found["sources"])
            if any(one.source == "app" and one.loaded for one in found["sources"]):
                self._live.forget()
            if brought or time.monotonic() >= self._full_due:
                for built in self._full.build(timing, self._budget):
                    models += built
                    if self._is_built and self._live.waiting():
                        yield self._live_pass()
                        self._tell("full")
                self._is_built = True
                if models:
                    found |= self._publish_whole(timing)
                self._full_due = time.monotonic() + every.full_seconds
        except ForecourtError as failed:
            found["error"] = str(failed)
            self._open()
        self._sources_due = time.monotonic() + every.source_seconds
        if models or found.get("error") or any(one.read or one.message for one in found.get("sources", [])):
            yield self._done("full", timing, found)

    def _budget(self) -> float:
        """Seconds for the next slice of a full pass: short while events come."""
        busy = self._live.is_busy() or self._live.waiting()
        return self.settings.refresh.slice_seconds if busy else 30.0

    def _publish(self, timing: Timing) -> dict[str, Any]:
        from serving.layer import NoBase

        try:
            layer = self._live.publish(timing)
        except NoBase as reason:
            self._progress.say(str(reason))
            return self._publish_whole(timing)
        return {"snapshot": layer.base.name, "layer": layer.path.name, "version": layer.version}

    def _publish_whole(self, timing: Timing) -> dict[str, Any]:
        from orchestration.governance.gather import gather

        close_warehouse()
        if time.monotonic() >= self._describe_due:
            with timing.stage("describe"):
                gather(self.settings, self._progress)
            self._describe_due = time.monotonic() + self.settings.refresh.describe_seconds
        with timing.stage("publish"):
            whole = pipeline.publish_snapshot(self.settings)
        self._open()
        return {"snapshot": whole.path.name, "layer": None, "version": whole.version}

    def _done(self, lane: LaneName, timing: Timing, found: dict[str, Any]) -> Pass:
        self._journal.pass_no += 1
        done = Pass(
            pass_no=self._journal.pass_no,
            boot_id=self.boot_id,
            lane=lane,
            started_at=timing.started_at,
            seconds=timing.seconds,
            cpu_seconds=timing.cpu_seconds,
            stages=timing.stages,
            backlog=asdict(backlog(self._live.waiting())),
            **found,
        )
        self._journal.append(done)
        tracing.trace_pass(self.settings, done.as_json())
        counts: dict[str, tuple[int, int]] = {}
        for one in done.sources:
            read, rejected = counts.get(one.source, (0, 0))
            counts[one.source] = (read + one.read, rejected + one.rejected)
        watch_rejects(self.settings, counts, wait=False)
        self._last = done
        return done

    def _let_others_write(self, stop: threading.Event) -> None:
        """Close the warehouse, wait until whoever wants it has had it, and go on."""
        self._tell("waiting")
        close_warehouse()
        self._locked.close()
        while is_wanted(self.settings.data_dir) and not stop.wait(0.05):
            pass
        while not stop.is_set():
            try:
                self._locked.enter_context(writer_lock(self.settings.data_dir, self._command))
            except WriterBusyError:
                continue
            self._open()
            self._live.forget()
            self._sources_due = 0.0
            return

    def _open(self) -> None:
        """Open the warehouse as dbt holds it, with the tables that passes need."""
        self._slices.open()
        self._live.open()

    def _close(self) -> None:
        close_warehouse()
        self._stack.close()
        self._locked.close()

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._write_state()

    def _beat(self) -> None:
        """Say once a second what the process is doing, also while dbt works for long."""
        while not self._ended.wait(1.0):
            self._write_state()

    def _write_state(self) -> None:
        with self._telling:
            self._journal.tell(
                self._state,
                datetime.now(UTC).isoformat(),
                boot_id=self.boot_id,
                command=self._command,
                pass_no=self._journal.pass_no,
                backlog=asdict(backlog(self._live.waiting())),
                last=self._last.as_json() if self._last else None,
            )
