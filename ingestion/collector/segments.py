"""The durable log: JSON lines in segment files, on disk before anybody is told so.

A lane is a folder of segments. The one that is being written is ``<name>.open``; a sealed one is
``<name>-<crc32>.jsonl``, moved there by one rename, and never changes again. So a reader that takes
``*.jsonl`` sees whole segments only, and the checksum in the name says whether the file is what was sealed.

One process writes one open segment of a lane, and holds a lock on it for as long as it lives. A segment
that nobody holds is what a killed process left: :func:`recover` cuts its half-written last line (nobody
was told that it is safe) and seals it.
"""

import fcntl
import os
import re
import uuid
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

OPEN = ".open"
SEALED = re.compile(r".+-([0-9a-f]{8})\.jsonl")
READ_BYTES = 1024 * 1024


class Segment:
    """An open segment of one lane. Not safe for several threads: one writer owns it.

    ``name`` is that of the file without its state and checksum; ``size`` and ``lines`` count what is on disk
    for certain (bytes, lines).
    """

    def __init__(self, lane: Path) -> None:
        lane.mkdir(parents=True, exist_ok=True)
        while True:
            self.name, self.path, self._fd = _create(lane)
            # Until it is locked, a process that starts may take it for a dead one's and remove it.
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            if os.fstat(self._fd).st_nlink:
                break
            os.close(self._fd)
        sync_folder(lane)
        self.size = 0
        self.lines = 0
        self._crc = 0
        self._sealed: Path | None = None
        self._has_final_name = False

    def append(self, lines: Sequence[bytes]) -> None:
        """Write lines (each ends with a newline) and wait until they are on disk.

        Raises ``OSError`` where they are not; the file is then as long as before, and the segment can be
        used again.
        """
        block = b"".join(lines)
        try:
            written = 0
            while written < len(block):
                written += os.pwrite(self._fd, memoryview(block)[written:], self.size + written)
            os.fdatasync(self._fd)
        except OSError:
            # What was written is not acknowledged, so it must not be read either: its senders will come
            # again.
            os.ftruncate(self._fd, self.size)
            raise
        self.size += len(block)
        self.lines += len(lines)
        self._crc = zlib.crc32(block, self._crc)

    def seal(self) -> Path | None:
        """Give the segment its final name and close it; an empty one is removed. Returns the sealed file.

        Raises ``OSError`` where the disk refuses; it can be called again then.
        """
        if not self._has_final_name:
            self._sealed = _give_final_name(self.path, self.size, self._crc)
            self._has_final_name = True
        sync_folder(self.path.parent)
        self.close()
        return self._sealed

    def close(self) -> None:
        """Let go of the file as it is: what is open is sealed by :func:`recover`."""
        os.close(self._fd)


def recover(lane: Path) -> list[Path]:
    """Seal what killed processes left in a lane; returns the sealed files. Segments that are held are left
    alone.
    """
    sealed = []
    for path in sorted(lane.glob("*" + OPEN)):
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:  # another process was faster
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            size, crc = _whole_lines(fd)
            os.ftruncate(fd, size)
            os.fsync(fd)
            done = _give_final_name(path, size, crc)
            sync_folder(lane)
            sealed += [done] if done else []
        except (BlockingIOError, FileNotFoundError):
            continue
        finally:
            os.close(fd)
    return sealed


def is_intact(segment: Path) -> bool:
    """Is a sealed segment what it was when it was sealed? A name without a checksum is not."""
    named = SEALED.fullmatch(segment.name)
    if named is None:
        return False
    crc = 0
    with segment.open("rb") as handle:
        while block := handle.read(READ_BYTES):
            crc = zlib.crc32(block, crc)
    return f"{crc:08x}" == named[1]


def is_content_of(name: str, content: bytes) -> bool:
    """Is this what was sealed under that name?"""
    named = SEALED.fullmatch(name)
    return named is not None and f"{zlib.crc32(content):08x}" == named[1]


def sync_folder(folder: Path) -> None:
    """A new or renamed file is found after a power cut only when its folder is on disk too."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _create(lane: Path) -> tuple[str, Path, int]:
    """A new open segment: its name, its file, its descriptor."""
    # The time is for people, the random part makes the name unique whatever the clock does.
    name = f"events-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:12]}"
    path = lane / (name + OPEN)
    return name, path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)


def _give_final_name(path: Path, size: int, crc: int) -> Path | None:
    if size == 0:
        path.unlink()
        return None
    return path.rename(path.with_name(f"{path.name.removesuffix(OPEN)}-{crc:08x}.jsonl"))


def _whole_lines(fd: int) -> tuple[int, int]:
    """Bytes up to the last newline, and their checksum."""
    size = crc = position = 0
    pending = b""
    while block := os.pread(fd, READ_BYTES, position):
        position += len(block)
        end = block.rfind(b"\n") + 1
        if end:
            crc = zlib.crc32(block[:end], zlib.crc32(pending, crc))
            size += len(pending) + end
            pending = block[end:]
        else:
            pending += block
    return size, crc
