"""The writer's lock: one process at a time may write the warehouse and publish.

The lock itself is ``flock`` on ``<data>/writer.lock`` (library filelock): the kernel frees it when its
holder dies, however it dies. Who holds it is written beside it in ``writer.json``, which is only believed
while the lock is held.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from orchestration.errors import ForecourtError

WANTED = "writer.wanted."
GLANCE = 0.5  # seconds; `current_writer` holds the lock for an instant, and that is no writer


@dataclass(frozen=True)
class Writer:
    """Who holds the lock. ``since`` is an ISO 8601 instant in UTC."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"'{self.command}' (process {self.pid}, since {self.since})"


class WriterBusyError(ForecourtError):
    """Another process writes to this data folder."""


@contextmanager
def writer_lock(data_dir: Path, command: str, wait: float = 0.0) -> Iterator[None]:
    """Hold the writer's lock of ``data_dir`` for the block.

    ``wait`` is in seconds; 0 fails at once (after the moment that a look by ``doctor`` takes), a negative
    number waits without end. Raises ``WriterBusyError`` with who holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_dir / "writer.lock")
    try:
        with _wanted(data_dir, bool(wait)):
            lock.acquire(timeout=wait if wait < 0 else max(wait, GLANCE), poll_interval=0.05)
    except Timeout as error:
        holder = _read(data_dir)
        who = str(holder) if holder else "Another process"
        waited = f" I waited {wait:g} s." if wait > 0 else ""
        raise WriterBusyError(
            f"{who} is writing to {data_dir}, and one writer at a time is allowed: "
            f"run this again when it has finished, or add --wait SECONDS.{waited}"
        ) from error
    try:
        _write(data_dir, Writer(os.getpid(), command, datetime.now(UTC).isoformat(timespec="seconds")))
        yield
    finally:
        _info(data_dir).unlink(missing_ok=True)
        lock.release()


@contextmanager
def _wanted(data_dir: Path, waits: bool) -> Iterator[None]:
    """Say that somebody waits, for a resident writer that can let others in between its passes: by a lock on
    a file of its own, which the kernel frees however the waiter dies.
    """
    if not waits:
        yield
        return
    descriptor, file = _flag(data_dir)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(descriptor)


def _flag(data_dir: Path) -> tuple[int, Path]:
    while True:
        descriptor, name = tempfile.mkstemp(prefix=WANTED, dir=data_dir)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor, Path(name)
        os.close(descriptor)  # taken for that of a process that is gone, in the moment before it was locked


def is_wanted(data_dir: Path) -> bool:
    """Does somebody wait for the lock? Files of processes that are gone are removed."""
    held = [_is_held(file) for file in data_dir.glob(f"{WANTED}*")]  # of all: what is left behind goes
    return any(held)


def _is_held(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.unlink(missing_ok=True)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def current_writer(data_dir: Path) -> Writer | None:
    """Who writes to ``data_dir`` now, or None. Takes the lock for an instant to find out."""
    if not (data_dir / "writer.lock").exists():
        return None
    lock = FileLock(data_dir / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _read(data_dir) or Writer(0, "unknown", "unknown")
    lock.release()
    return None


def _info(data_dir: Path) -> Path:
    return data_dir / "writer.json"


def _write(data_dir: Path, writer: Writer) -> None:
    new = data_dir / f"writer.json.{writer.pid}"
    new.write_text(json.dumps(asdict(writer)))
    new.replace(_info(data_dir))


def _read(data_dir: Path) -> Writer | None:
    """The holder as written; None where it is not written yet or belongs to a process that is gone."""
    for _ in range(5):  # between taking the lock and writing the name there is a moment
        try:
            writer = Writer(**json.loads(_info(data_dir).read_text()))
        except (OSError, ValueError, TypeError):
            time.sleep(0.02)
            continue
        return writer if psutil.pid_exists(writer.pid) else None
    return None
