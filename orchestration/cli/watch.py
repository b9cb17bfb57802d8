"""`forecourt refresh --watch`: the resident refresher in the foreground, one line for each pass."""

import json
import signal
import threading
from types import FrameType

from orchestration.cli.console import count, show
from orchestration.progress import PlainProgress
from orchestration.refresher.journal import Pass
from orchestration.settings import Settings


def watch(settings: Settings, *, as_json: bool) -> None:
    """Run passes until SIGTERM or SIGINT; the pass that runs then is finished."""
    from orchestration.refresher.resident import Refresher

    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {one: signal.signal(one, ask_to_stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        with Refresher(settings, PlainProgress()) as refresher:
            if not as_json:
                show(
                    f"Watching {settings.segments_dir}; stop with Ctrl-C, which ends after the running pass."
                )
            for done in refresher.passes(stop):
                show(json.dumps(done.as_json()) if as_json else sentence(done))
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def sentence(done: Pass) -> str:
    """One pass in one line: rows, lag, seconds by stage, what waits."""
    took: dict[str, float] = {}
    for stage in done.stages:
        kind = stage.name.partition(".")[0]
        took[kind] = took.get(kind, 0.0) + stage.seconds
    parts = [f"{done.started_at[11:19]}  {done.pass_no:>6} {done.lane:<4} {count(done.rows):>8} rows"]
    refused = sum(one.rejected for one in done.sources)
    repeated = sum(one.repeated for one in done.sources)
    if refused or repeated:
        parts.append(f"{count(refused)} rejected, {count(repeated)} repeated")
    if done.lag_seconds:
        parts.append(f"lag p95 {done.lag_seconds['p95']:.2f} s")
    stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in took.items())
    parts.append(f"{done.seconds:.2f} s ({stages})")
    parts.append(f"{len(done.models)} models")
    if done.version is not None:
        parts.append(f"version {done.version}{'' if done.layer else ' (whole)'}")
    if done.backlog.get("segments"):
        parts.append(
            f"waiting {count(int(done.backlog['segments']))} segments, {done.backlog['bytes'] / 1e6:.1f} MB"
        )
    if done.error:
        parts.append(f"FAILED: {done.error.splitlines()[0]}")
    parts += [f"{one.source} FAILED: {one.message}" for one in done.sources if one.message]
    return "  ".join(parts)
