"""Keeping the resident refresher alive: is its heartbeat young, does its work go on, start it again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from orchestration.alerts import Alert, Outbox
from orchestration.errors import ForecourtError
from orchestration.settings import Settings

SILENT_SECONDS = 60.0  # it beats once a second
STUCK_SECONDS = 900.0  # there is work for so long, and no pass has ended
LATE_SECONDS = 900.0  # events wait for so long to be loaded: somebody should know
UNPUBLISHED_SECONDS = 300.0  # events are loaded for so long, and nobody sees them
FAILED_PASSES = 3  # of one lane in a row
BORROWED_SECONDS = 900.0  # somebody else writes for so long
FAILURES = 8  # in a row, before it is given up
HEALTHY_SECONDS = 600.0  # after so long a start was a good one
LONGEST_PAUSE = 300.0
LOOK_SECONDS = 0.2
GRACE_SECONDS = 60.0  # to finish the pass that is running
CAUSE = "resident refresher"


def silence(state: Mapping[str, Any], now: datetime) -> str | None:
    """Since when a refresher that should be running has said nothing; None where its heart beats."""
    silent = (now - datetime.fromisoformat(state["at"])).total_seconds()
    if silent > SILENT_SECONDS:
        return f"it has said nothing for {silent:,.0f} s (process {state['pid']}, pass {state['pass_no']})"
    return None


def trouble(state: Mapping[str, Any], now: datetime) -> str | None:
    """What somebody should know about a refresher that should be running, by its own state; None where it
    is well. Only silence is a reason to end it: a backlog, or a pass that fails, is not cured by that.
    """
    if silent := silence(state, now):
        return silent
    failures = {lane: count for lane, count in (state.get("failures") or {}).items() if count}
    for lane, count in failures.items():
        if count >= FAILED_PASSES:
            return f"{count} passes of the {lane} lane have failed in a row"
    unpublished = (state.get("unpublished") or {}).get("oldest_seconds") or 0
    if unpublished > UNPUBLISHED_SECONDS:
        return f"events are loaded and not published for {unpublished:,.0f} s"
    if state["state"] == "waiting":
        lent = (now - datetime.fromisoformat(state.get("since") or state["at"])).total_seconds()
        return f"somebody else writes for {lent:,.0f} s" if lent > BORROWED_SECONDS else None
    waiting = (state.get("backlog") or {}).get("oldest_seconds") or 0
    if waiting > LATE_SECONDS:
        return f"events wait for {waiting:,.0f} s, the last pass was {state['pass_no']}"
    return None


class Course:
    """Does the work of one process go on? Looked at again and again, by a clock that nobody sets."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._since, self._pass_no = clock, clock(), -1

    def stuck(self, state: Mapping[str, Any]) -> str | None:
        """Since when it has had work and ended no pass, where that is too long; else None."""
        has_work = any((state.get(what) or {}).get("segments") for what in ("backlog", "unpublished"))
        if state["pass_no"] != self._pass_no or not has_work or state["state"] == "waiting":
            self._pass_no, self._since = state["pass_no"], self._clock()
        still = self._clock() - self._since
        if still > STUCK_SECONDS:
            return f"events wait and no pass has ended for {still:,.0f} s, the last was {state['pass_no']}"
        return None


def judge_heartbeat(settings: Settings, state: Mapping[str, Any], now: datetime | None = None) -> str | None:
    """Raise an alert where a refresher that was not stopped is in `trouble`; end it where all is well."""
    outbox = Outbox(settings.outbox_dir / "alerts", settings.alert_webhook)
    problem = None if state["state"] == "stopped" else trouble(state, now or datetime.now(UTC))
    if problem is None:
        outbox.resolve(CAUSE)
        return None
    outbox.raise_(
        Alert(
            CAUSE,
            "Events are not being published",
            f"The resident refresher should be running, but {problem}. What arrives is kept by the "
            "collector. Look at its log (`journalctl -u forecourt-refresher`), or start "
            "`forecourt refresh --watch`.",
        )
    )
    return problem


def supervise(
    settings: Settings,
    stop: threading.Event,
    say: Callable[[str], None],
    command: tuple[str, ...] = (),
    pause: float = 1.0,
) -> None:
    """Keep one refresher running until ``stop`` is set or this call is interrupted, then let it finish.

    A start that fails is tried again after ``pause`` seconds, then twice as long, up to five minutes. Raises
    ``ForecourtError`` after eight failures in a row. A refresher that something else started is watched, not
    doubled.
    """
    command = command or (str(Path(sys.executable).with_name("forecourt")), "refresh", "--watch")
    failures = 0
    while not stop.is_set():
        started = time.monotonic()
        ended = _watch_other(settings, stop) or _run(settings, command, stop, say)
        if stop.is_set():
            return
        failures = 0 if time.monotonic() - started > HEALTHY_SECONDS else failures + 1
        if failures >= FAILURES:
            raise ForecourtError(f"The refresher ended {failures} times in a row; the last time {ended}.")
        seconds = min(pause * 2.0**failures, LONGEST_PAUSE)
        say(f"The refresher ended: {ended}. It is started again in {seconds:.0f} s.")
        stop.wait(seconds)


def _run(
    settings: Settings, command: tuple[str, ...], stop: threading.Event, say: Callable[[str], None]
) -> str:
    """One life of the refresher; returns how it ended. It never outlives this call."""
    environment = os.environ | {"FORECOURT_DATA_DIR": str(settings.data_dir)}
    with subprocess.Popen(command, env=environment) as child:
        say(f"The refresher runs as process {child.pid}.")
        course = Course()
        try:
            while child.poll() is None and not stop.wait(LOOK_SECONDS):
                state = _state_of(settings, child.pid)
                if state is None:
                    continue
                judge_heartbeat(settings, state)
                if problem := silence(state, datetime.now(UTC)) or course.stuck(state):
                    _end(child)
                    return problem
        finally:
            if child.poll() is None:
                _end(child)
    return f"it left with code {child.returncode}"


def _end(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def _watch_other(settings: Settings, stop: threading.Event) -> str | None:
    """Wait while a refresher runs that somebody else started; None where there is none."""
    found = None
    while (state := _state(settings)) and state["state"] != "stopped" and psutil.pid_exists(state["pid"]):
        judge_heartbeat(settings, state)
        if silence(state, datetime.now(UTC)):  # a number that another process has now, or one that hangs
            return found
        found = f"process {state['pid']} is gone"
        if stop.wait(LOOK_SECONDS):
            break
    return found


def _state(settings: Settings) -> dict[str, Any] | None:
    from orchestration.refresher.journal import read_state

    return read_state(settings)


def _state_of(settings: Settings, pid: int) -> dict[str, Any] | None:
    """What the process itself has said; None before it said anything."""
    state = _state(settings)
    return state if state and state["pid"] == pid else None
