"""The folder of snapshots: names of files, the `CURRENT` pointer, and how both reach the disk.

    snapshots/
      snapshot-000041.duckdb     kept for readers that are still on it
      snapshot-000042.duckdb
      CURRENT                    one line: snapshot-000042.duckdb
      .publish.lock              held while a publish runs
      .building-….duckdb         a publish that is running, or one that was killed

A version's file never changes and its name is never used again: DuckDB keeps one handle for each path in a
process, so a new file under an old name would show the old rows (seen with 2.0.0).
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from serving.errors import SnapshotBroken

POINTER = "CURRENT"
LOCK = ".publish.lock"
BUILDING = ".building-"
_NAME = re.compile(r"snapshot-(\d{6,})\.duckdb")


@dataclass(frozen=True)
class SnapshotRef:
    """One published version: its number (rising, never used twice) and its file."""

    version: int
    path: Path


def ref(snapshots_dir: Path, version: int) -> SnapshotRef:
    """The place of a version's file, whether it exists or not."""
    return SnapshotRef(version, snapshots_dir / f"snapshot-{version:06d}.duckdb")


def current(snapshots_dir: Path) -> SnapshotRef | None:
    """The version that readers should open, or None before the first publish.

    Raises SnapshotBroken when the pointer holds something else than the name of a snapshot.
    """
    try:
        name = (snapshots_dir / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotBroken(f"{snapshots_dir / POINTER} cannot be read ({error}). Publish again.") from error
    match = _NAME.fullmatch(name)
    if match is None:
        raise SnapshotBroken(
            f"{snapshots_dir / POINTER} holds {name!r}, not the name of a snapshot. Publish again."
        )
    return SnapshotRef(int(match[1]), snapshots_dir / name)


def versions(snapshots_dir: Path) -> list[SnapshotRef]:
    """Every version whose file is there, oldest first, current or not."""
    found = (_NAME.fullmatch(path.name) for path in snapshots_dir.glob("snapshot-*.duckdb"))
    return sorted(
        (ref(snapshots_dir, int(match[1])) for match in found if match), key=lambda one: one.version
    )


def move_pointer(snapshots_dir: Path, target: SnapshotRef) -> None:
    """Make `target` current by one atomic rename that survives a power cut."""
    fresh = snapshots_dir / f"{BUILDING}{POINTER}"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(target.path.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(snapshots_dir / POINTER)
    sync_folder(snapshots_dir)


def sync_file(path: Path) -> None:
    """Return when the bytes of `path` are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Return when renames inside `folder` are on disk."""
    sync_file(folder)


def next_version(snapshots_dir: Path) -> int:
    """A number above every version that was ever current, whatever became of the pointer."""
    numbers = [one.version for one in versions(snapshots_dir)]
    try:
        now = current(snapshots_dir)
    except SnapshotBroken:
        now = None
    return max([*numbers, now.version if now else 0], default=0) + 1


def remove_leftovers(snapshots_dir: Path) -> None:
    """Delete the files that a killed publish left under construction."""
    for path in snapshots_dir.glob(f"{BUILDING}*"):
        path.unlink(missing_ok=True)


def prune(snapshots_dir: Path, keep: int) -> None:
    """Delete old versions but the newest `keep`. Readers that hold one keep its inode until they move on."""
    now = current(snapshots_dir)
    for one in versions(snapshots_dir)[: -max(keep, 1)]:
        if now is None or one.version != now.version:
            one.path.unlink(missing_ok=True)
