"""How many events a second one core takes, durably: ours beside FastAPI and pydantic; and from files into the
warehouse: ours beside dlt's default path. Every event that was acknowledged is looked for afterwards.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.live import files
from tests.bench.live.peers import FOLDER
from tests.bench.live.senders import Sent, batches, send, singles
from tests.bench.live.tables import keep
from tests.integration.ingestion.collector_process import CollectorProcess

BATCH = 100
TARGETS = {1: "15,000 events a second on one core", BATCH: "250,000 events a second on one core"}


@dataclass(frozen=True)
class Server:
    """A server that listens on ``port`` and writes its log below ``folder``."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]


def main(arguments: list[str]) -> None:
    """Measure and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live collector", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="length of each run")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rows", type=int, default=500_000, help="events in files, for ours")
    parser.add_argument("--folder", type=Path, default=None, help="scratch folder (default: the system's)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="forecourt-bench-") as scratch:
        rows = [
            _row(name, size, *_measure(start, Path(scratch), size, options))
            for size in (1, BATCH)
            for name, start in SERVERS.items()
        ]
        rows += files.measure(Path(scratch), options.rows)
    note = (
        "Server and its log thread on one core, senders on another. Acknowledged = found in the log, each "
        "time. An event has about 700 bytes. The peer writes through the same log."
    )
    keep("collector", "Collector, and files into the warehouse", rows, note)


def _measure(start: Callable, scratch: Path, size: int, options: argparse.Namespace) -> tuple[Sent, float]:
    """One run after a short one that warms up: what was answered, and the server's CPU seconds."""
    requests = singles() if size == 1 else batches(size)
    cores = sorted(os.sched_getaffinity(0))
    folder = Path(tempfile.mkdtemp(dir=scratch))
    with start(folder, {cores[0]}) as server:
        process = psutil.Process(server.process.pid)
        warm = send(server.port, requests, options.connections, 1, {cores[-1]})
        before = sum(process.cpu_times()[:2])
        sent = send(server.port, requests, options.connections, options.seconds, {cores[-1]})
        used = sum(process.cpu_times()[:2]) - before
    found = sum(file.read_bytes().count(b"\n") for file in folder.rglob("*.jsonl"))
    answered = (sent.requests + warm.requests - sent.refused - warm.refused) * size
    if found != answered:
        raise AssertionError(f"{answered} events were acknowledged, {found} are in the log")
    return sent, used


def _row(name: str, size: int, sent: Sent, used: float) -> dict[str, object]:
    events = (sent.requests - sent.refused) * size
    return {
        "what": "single posts" if size == 1 else f"batches of {size}",
        "with": name,
        "events a second": round(events / sent.seconds),
        "events a CPU second": round(events / used),
        "p50 ms": sent.percentile(0.5),
        "p99 ms": sent.percentile(0.99),
        "target": TARGETS[size] if name == OURS else "",
        "remark": f"{sent.refused} refused" if sent.refused else "",
    }


@contextmanager
def _ours(folder: Path, cores: set[int]) -> Iterator[Server]:
    with _on(cores):
        running = CollectorProcess(folder).start()
    yield Server(running.settings.port, folder, running.process)
    running.stop()


@contextmanager
def _peer(folder: Path, cores: set[int]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "tests.bench.live.peers:app", "--port", str(port)]
    with _on(cores):
        process = subprocess.Popen(
            [*command, "--no-access-log"], env=os.environ | {FOLDER: str(folder)}, stderr=subprocess.PIPE
        )
    assert any(b"Uvicorn running" in line for line in process.stderr or ())
    yield Server(port, folder, process)
    process.terminate()
    process.communicate()


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    """Processes that start in this block run on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


OURS = "forecourt collect"
SERVERS: dict[str, Callable] = {OURS: _ours, "FastAPI, pydantic": _peer}
