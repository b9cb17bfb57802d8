"""Which sealed segments wait to be loaded, and how much that is.

A segment that is loaded gets a longer name (``….jsonl.loaded``) until it is archived: what ends in ``.jsonl``
waits, for everybody who looks.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from ingestion.collector.log import LANES, Lane
from ingestion.collector.segments import SEALED, is_content_of

LOADED = ".loaded"
MAX_SEGMENTS = 2_000  # in one pass: each costs a file and a line of the ledger


@dataclass(frozen=True)
class Waiting:
    """One sealed segment. ``size`` in bytes, ``sealed_at`` in seconds since 1970: its last write."""

    path: Path
    lane: Lane
    size: int
    sealed_at: float

    @property
    def name(self) -> str:
        """Its name, which no other segment has: the ledger's key."""
        return self.path.name.removesuffix(LOADED)

    @property
    def position(self) -> str:
        """How a refused row of it says where it stood: as the reader of files does."""
        return f"{self.lane}/{self.name}"


@dataclass(frozen=True)
class Backlog:
    """What waits: segments, their bytes, and how long the oldest has waited (seconds)."""

    segments: int = 0
    bytes: int = 0
    oldest_seconds: float = 0.0


def waiting_segments(folder: Path) -> list[Waiting]:
    """Sealed segments under ``folder`` that wait: the critical lane first, each lane in the order in which it
    was sealed. A folder that is not there yet has none.
    """
    return _segments(folder, "")


def loaded_segments(folder: Path) -> list[Waiting]:
    """Segments under ``folder`` that are loaded and not archived yet."""
    return _segments(folder, LOADED)


def _segments(folder: Path, suffix: str) -> list[Waiting]:
    found: list[Waiting] = []
    for lane in LANES:
        segments = []
        try:
            paths = list((folder / lane).iterdir())
        except FileNotFoundError:
            continue
        for path in paths:
            if not path.name.endswith(f".jsonl{suffix}") or not SEALED.fullmatch(
                path.name.removesuffix(suffix)
            ):
                continue
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            segments.append(Waiting(path, lane, status.st_size, status.st_mtime))
        found += sorted(segments, key=lambda one: (one.sealed_at, one.name))
    return found


def mark_loaded(segments: list[Waiting]) -> None:
    """Say of segments that the warehouse has them. One that is gone already is no fault; a copy of one that
    is marked goes, unless the marked one is damaged: then the copy may be the whole.
    """
    for one in segments:
        marked = one.path.with_name(one.name + LOADED)
        if marked.exists() and is_content_of(one.name, marked.read_bytes()):
            one.path.unlink(missing_ok=True)
        elif one.path.exists():
            one.path.rename(marked)


def first(segments: list[Waiting], max_bytes: int) -> list[Waiting]:
    """As many of the segments, in their order, as one pass should take: at least one, and no more than
    `MAX_SEGMENTS`.
    """
    taken: list[Waiting] = []
    left = max_bytes
    for one in segments[:MAX_SEGMENTS]:
        if taken and one.size > left:
            break
        taken.append(one)
        left -= one.size
    return taken


def backlog(segments: list[Waiting]) -> Backlog:
    """How much waits. A clock that was set back makes nothing wait a negative time."""
    if not segments:
        return Backlog()
    oldest = min(one.sealed_at for one in segments)
    return Backlog(len(segments), sum(one.size for one in segments), max(0.0, time.time() - oldest))
