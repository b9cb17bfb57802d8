"""What is told about passes: a line for each in an append-only file, and the state of the process beside it.

    <data>/state/refresh/passes.jsonl     one line for each pass; passes.1.jsonl holds those before
    <data>/state/refresh/state.json       what the process is doing now; replaced whole, at least every second

Readable by any process at any time; nothing heavy is imported.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from orchestration.settings import Settings

MAX_BYTES = 64 * 1024 * 1024
LaneName = Literal["live", "full"]


@dataclass(frozen=True)
class Stage:
    """A part of a pass: ``offset`` and ``seconds`` are wall-clock seconds, the offset from the pass's
    start.
    """

    name: str
    offset: float
    seconds: float


@dataclass(frozen=True)
class SourceRows:
    """Rows of one source, or of one lane of the collector: read == loaded + rejected + repeated."""

    source: str
    lane: str
    read: int
    loaded: int
    rejected: int
    repeated: int
    message: str = ""


@dataclass(frozen=True)
class Pass:
    """One pass. ``lag_seconds`` (p50, p95, max) is from an event's arrival at the collector to its published
     row; None where the pass published no event; ``lag_counts`` counts the same events by tenths of a second
    . ``backlog`` is what waited when it ended. ``held`` says why what it built is not published
     yet, ``error`` why it failed.
    """

    pass_no: int
    boot_id: str
    lane: LaneName
    started_at: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    stages: list[Stage] = field(default_factory=list)
    sources: list[SourceRows] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    snapshot: str | None = None
    layer: str | None = None
    version: int | None = None
    lag_seconds: dict[str, float] | None = None
    lag_counts: dict[str, int] = field(default_factory=dict)
    backlog: dict[str, float] = field(default_factory=dict)
    held: str | None = None
    error: str | None = None

    @property
    def rows(self) -> int:
        """Rows that are new in the warehouse."""
        return sum(one.loaded for one in self.sources)

    @property
    def rejects(self) -> dict[str, tuple[int, int]]:
        """By source the rows that were read, and those that were rejected."""
        counts: dict[str, tuple[int, int]] = {}
        for one in self.sources:
            read, rejected = counts.get(one.source, (0, 0))
            counts[one.source] = (read + one.read, rejected + one.rejected)
        return counts

    def as_json(self) -> dict[str, Any]:
        """The line of the journal."""
        return asdict(self)


class Journal:
    """Writes the journal of one data folder; one process at a time, that which holds the writer's lock."""

    def __init__(self, settings: Settings) -> None:
        self.folder = refresh_folder(settings)
        self.folder.mkdir(parents=True, exist_ok=True)
        last = _last_line(self.folder / "passes.jsonl") or _last_line(self.folder / "passes.1.jsonl")
        # A line that a full disk refused is missing; the state may know a higher number.
        told = (read_state(settings) or {}).get("pass_no", 0)
        self.pass_no = max(int(last["pass_no"]) if last else 0, told)

    def append(self, done: Pass) -> None:
        """Add one line. Half a line of a process that was killed is ended first, so that it spoils no
        other.
        """
        file = self.folder / "passes.jsonl"
        if file.exists() and file.stat().st_size > MAX_BYTES:
            file.replace(self.folder / "passes.1.jsonl")
        with file.open("ab+") as handle:
            if handle.tell() and not _ends_line(handle):
                handle.write(b"\n")
            handle.write(json.dumps(done.as_json()).encode() + b"\n")

    def tell(self, state: str, at: str, **more: Any) -> None:
        """Say what the process is doing now."""
        new = self.folder / f"state.json.{os.getpid()}"
        new.write_text(json.dumps({"pid": os.getpid(), "state": state, "at": at, **more}))
        new.replace(self.folder / "state.json")


def refresh_folder(settings: Settings) -> Path:
    """Where the journal of a data folder is."""
    return settings.data_dir / "state" / "refresh"


def read_state(settings: Settings) -> dict[str, Any] | None:
    """What the refresher is doing, or did last; None where there never was one."""
    try:
        return dict(json.loads((refresh_folder(settings) / "state.json").read_text()))
    except (OSError, ValueError):
        return None


def read_passes(settings: Settings, after_pass_no: int = 0) -> Iterator[dict[str, Any]]:
    """The passes with a higher number, oldest first. Lines that are not asked for are not read."""
    for name in ("passes.1.jsonl", "passes.jsonl"):
        try:
            with (refresh_folder(settings) / name).open("rb") as handle:
                handle.seek(_first_after(handle, after_pass_no))
                for line in handle:
                    found = _parsed(line)
                    if found and found["pass_no"] > after_pass_no:
                        yield found
        except FileNotFoundError:
            continue


def _first_after(handle: BinaryIO, pass_no: int) -> int:
    """A byte at or before the first line with a higher number: numbers rise, so halves can be left out."""
    low, high = 0, handle.seek(0, os.SEEK_END)
    while high - low > 64 * 1024:
        middle = (low + high) // 2
        handle.seek(middle)
        handle.readline()  # the rest of a line
        start = handle.tell()
        found = _parsed(handle.readline())
        if start >= high or found is None or found["pass_no"] > pass_no:
            high = middle
        else:
            low = start
    return low


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        return dict(json.loads(line))
    except ValueError:  # half a line of a process that was killed, or one that is being written
        return None


def _last_line(file: Path) -> dict[str, Any] | None:
    try:
        with file.open("rb") as handle:
            handle.seek(max(0, handle.seek(0, os.SEEK_END) - 1024 * 1024))
            lines = handle.read().splitlines()
    except FileNotFoundError:
        return None
    return next((found for line in reversed(lines) if (found := _parsed(line))), None)


def _ends_line(handle: Any) -> bool:
    handle.seek(-1, os.SEEK_END)
    return bool(handle.read(1) == b"\n")
