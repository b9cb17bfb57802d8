"""One process that stays: when a pass is due, who may write, and how it ends."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from ingestion.config import SOURCE_NAMES
from ingestion.live.waiting import backlog
from orchestration import pipeline, tracing
from orchestration.dbt_build import close_warehouse, warehouse_variable
from orchestration.errors import ForecourtError
from orchestration.lock import WriterBusyError, is_wanted, writer_lock
from orchestration.progress import Progress
from orchestration.refresher.changes import is_built, note, noted
from orchestration.refresher.failures import PASS_ERRORS, not_worth_a_pass
from orchestration.refresher.full_lane import FullLane
from orchestration.refresher.heartbeat import Heartbeat
from orchestration.refresher.journal import Journal, LaneName, Pass
from orchestration.refresher.live_lane import LiveLane, source_rows
from orchestration.refresher.slices import Slices
from orchestration.refresher.timing import Timing
from orchestration.refresher.unpublished import Retries, Unpublished
from orchestration.reject_alarm import watch_rejects
from orchestration.settings import Settings

UNPUBLISHED = "unpublished"  # noted in the warehouse: it holds what no snapshot has


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
        self._last: Pass | None = None
        self._unpublished, self._retries = Unpublished(), Retries()
        self._is_open = self._holds_lock = False
        self._is_built = False  # as this project says
        self._in_full = False
        self._sources_due = self._full_due = self._describe_due = 0.0

    def __enter__(self) -> Self:
        if not self.settings.warehouse.exists():
            raise ForecourtError(
                f"There is no warehouse at {self.settings.warehouse} yet: run `forecourt run` first."
            )
        self._locked.enter_context(writer_lock(self.settings.data_dir, self._command))
        self._holds_lock = True
        try:
            self._stack.enter_context(warehouse_variable(self.settings))
            self._journal = Journal(self.settings)
            self._heart = Heartbeat(self._journal, self._describe)
            self._slices = Slices(self.settings)
            self._live = LiveLane(self.settings, self._slices, self.settings.segments_dir)
            self._full = FullLane(self.settings, self._slices)
            self._open()
            self._is_built = is_built(self._slices)
        except BaseException:
            self._close()
            raise
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._is_open and self._holds_lock:
                with not_worth_a_pass("archive segments", self._progress):
                    self._live.tidy(everything=True)
        finally:
            self._heart.stop()
            self._close()

    def passes(self, stop: threading.Event) -> Iterator[Pass]:
        """Pass after pass until ``stop`` is set. A live pass that began is finished; a full pass ends at its
        next slice, and is begun again with the next start.
        """
        while not stop.is_set():
            if is_wanted(self.settings.data_dir):
                self._let_others_write(stop)
            elif time.monotonic() >= self._sources_due:
                yield from self._full_pass(stop)
            elif self._live_due():
                yield self._live_pass()
            else:
                self._heart.tell("idle")
                self._tidy()
                stop.wait(self.settings.refresh.poll_seconds)

    def _live_due(self) -> bool:
        """Is there anything to load or to publish, and no reason to wait?"""
        has_work = bool(self._unpublished.loads or self._live.waiting())
        return self._is_built and has_work and self._retries.may_try

    def _live_pass(self) -> Pass:
        self._heart.tell("live")
        timing = Timing()
        found: dict[str, Any] = {}
        with self._attempt("live", found):
            loaded = self._live.load(timing)
            if loaded:
                found |= {"sources": source_rows(loaded), "segments": list(loaded.segments)}
                self._unpublished.add(loaded)
            found["models"] = self._live.build(timing)
            self._unpublished.is_built = True
            found |= self._publish(timing)
        self._tidy()
        return self._done("live", timing, found)

    def _full_pass(self, stop: threading.Event) -> Iterator[Pass]:
        """Ask the batch sources; where there is something new, or it is time, everything that follows. Live
        passes come in between.
        """
        self._heart.tell("full")
        timing, every = Timing(), self.settings.refresh
        models: list[str] = []
        found: dict[str, Any] = {"models": models}
        self._in_full = True
        with self._attempt("full", found):
            found["sources"] = self._full.load(list(SOURCE_NAMES), timing)
            brought = any(one.loaded for one in found["sources"])
            if any(one.source == "app" and one.loaded for one in found["sources"]):
                self._live.forget()
            self._open()
            if brought or time.monotonic() >= self._full_due or self._full.has_news():
                for built in self._full.build(timing, self._budget):
                    models += built
                    if built:
                        note(self._slices, UNPUBLISHED, "a full pass")
                    if self._live_due():
                        yield self._live_pass()
                        self._heart.tell("full")
                    if stop.is_set():
                        return
                    self._open_again()
                self._is_built = True
                if noted(self._slices, UNPUBLISHED):
                    found |= self._publish_whole(timing)
                self._full_due = time.monotonic() + every.full_seconds
                self._retries.release()
        self._in_full = False
        self._sources_due = time.monotonic() + every.source_seconds
        if models or found.get("error") or any(one.read or one.message for one in found.get("sources", [])):
            yield self._done("full", timing, found)

    @contextmanager
    def _attempt(self, lane: LaneName, found: dict[str, Any]) -> Iterator[None]:
        """What fails in a pass ends that pass, not the process: it is told, the warehouse is opened anew (a
        connection may be broken for good), and what was not published stays to be published.
        """
        try:
            self._open_again()
            yield
        except PASS_ERRORS as failed:
            found["error"] = str(failed) or type(failed).__name__
            self._retries.failed(lane)
            self._is_open = False
            close_warehouse()
        else:
            if not found.get("held"):
                self._retries.worked(lane)

    def _tidy(self) -> None:
        if self._is_open:
            with not_worth_a_pass("archive segments", self._progress):
                self._live.tidy()

    def _budget(self) -> float:
        """Seconds for the next slice of a full pass: short while events come."""
        busy = self._live.is_busy() or self._live.waiting()
        return self.settings.refresh.slice_seconds if busy else 30.0

    def _publish(self, timing: Timing) -> dict[str, Any]:
        """A layer, where all that it would show has passed its tests. A whole snapshot is the full lane's:
        it alone knows that every table goes with every other.
        """
        from serving.layer import NoBase

        if untested := self._full.untested:
            self._retries.held()
            return {"held": f"made anew and not tested yet: {', '.join(sorted(untested))}"}
        try:
            layer = self._live.publish(timing)
        except NoBase as reason:
            self._retries.held()
            note(self._slices, UNPUBLISHED, str(reason))
            if not self._in_full:
                self._sources_due = self._full_due = 0.0
            return {"held": str(reason)}
        return {
            "snapshot": layer.base.name,
            "layer": layer.path.name,
            "version": layer.version,
            **self._unpublished.publish(),
        }

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
        note(self._slices, UNPUBLISHED, None)
        lags = self._unpublished.publish() if self._unpublished.is_built else {}
        return {"snapshot": whole.path.name, "layer": None, "version": whole.version, **lags}

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
        with not_worth_a_pass("write the journal", self._progress):
            self._journal.append(done)
        tracing.trace_pass(self.settings, done.as_json())
        with not_worth_a_pass("look at rejected rows", self._progress):
            watch_rejects(self.settings, done.rejects, wait=False)
        self._last = done
        return done

    def _let_others_write(self, stop: threading.Event) -> None:
        """Close the warehouse, wait until whoever wants it has had it, and go on."""
        self._heart.tell("waiting")
        self._is_open = self._holds_lock = False
        self._live.forget()
        close_warehouse()
        self._locked.close()
        while is_wanted(self.settings.data_dir) and not stop.wait(0.05):
            pass
        while not stop.is_set():
            try:
                self._locked.enter_context(writer_lock(self.settings.data_dir, self._command))
            except WriterBusyError:
                continue
            self._holds_lock = True
            with not_worth_a_pass(
                "open the warehouse", self._progress
            ):  # the next pass tries again, and tells
                self._open()
            self._sources_due = self._full_due = 0.0  # whatever they wrote, the full lane looks at all of it
            return

    def _open(self) -> None:
        """Open the warehouse as dbt holds it, with the tables that passes need."""
        self._slices.open()
        self._live.open()
        self._is_open = True

    def _open_again(self) -> None:
        """After a pass that failed the warehouse is closed."""
        if not self._is_open:
            self._open()

    def _close(self) -> None:
        close_warehouse()
        self._stack.close()
        self._locked.close()

    def _describe(self) -> dict[str, Any]:
        """What the state file says beside the state; asked by the heartbeat's thread too."""
        return {
            "boot_id": self.boot_id,
            "command": self._command,
            "pass_no": self._journal.pass_no,
            "backlog": asdict(backlog(self._live.waiting())),
            "unpublished": self._unpublished.as_json(),
            "failures": dict(self._retries.failures),
            "last": self._last.as_json() if self._last else None,
        }
