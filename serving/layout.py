"""The folder of snapshots: names of files, the `CURRENT` pointer, and how both reach the disk.

    snapshots/
      snapshot-000041-9c03f1d2.duckdb     kept for readers that are still on it
      snapshot-000042-b7e5404a.duckdb
      identity-000042-b7e5404a.duckdb     its identifying values, sealed: identity_file.py
      layer-000043-5be0a7c2.duckdb        what has changed since, over snapshot-000042: layer.py
      CURRENT                             one line: snapshot-000042-b7e5404a.duckdb, or with a layer
                                          layer-000043-5be0a7c2.duckdb snapshot-000042-b7e5404a.duckdb
      .publish.lock                       held while a publish runs
      .building-….duckdb                  a publish that is running, or one that was killed

A version's file never changes and its name is never used again: DuckDB keeps one handle for each path in a
process, so a new file under an old name would show the old rows (seen with 2.0.0). Numbers start at 1 again
when the folder is removed, so a name also has a random part.
"""

import logging
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from serving.errors import SnapshotBroken

# Versions that stay on disk unless the settings say otherwise.
KEEP = 5
POINTER = "CURRENT"
LOCK = ".publish.lock"
BUILDING = ".building-"
# Layers that stay on disk: a reader opens the newest, and one that was just opening another tries again.
KEEP_LAYERS = 3
_NAME = re.compile(r"snapshot-(\d{6,})-[0-9a-f]{8}\.duckdb")
_LAYER = re.compile(r"layer-(\d{6,})-[0-9a-f]{8}\.duckdb")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SnapshotRef:
    """One published version: its number (rising within a folder) and its file, whose name is its identity.

    Of a layer ``base`` is the file of the snapshot that it lies over.
    """

    version: int
    path: Path
    base: Path | None = None

    @property
    def whole(self) -> Path:
        """The file of the whole snapshot: its own, or the one that the layer lies over."""
        return self.base or self.path

    @property
    def identity_path(self) -> Path:
        """The file of identifying values that goes with this version; it may not exist."""
        return self.whole.with_name(self.whole.name.replace("snapshot-", "identity-", 1))


def next_ref(snapshots_dir: Path, base: Path | None = None) -> SnapshotRef:
    """The next version's number, above every one that the folder knows, and a file name that never was: of a
    snapshot, or of a layer over ``base``.
    """
    numbers = [one.version for one in (*versions(snapshots_dir), *_layers(snapshots_dir))]
    try:
        now = current(snapshots_dir)
    except SnapshotBroken:
        now = None
    version = max([*numbers, now.version if now else 0]) + 1
    kind = "layer" if base else "snapshot"
    return SnapshotRef(version, snapshots_dir / f"{kind}-{version:06d}-{secrets.token_hex(4)}.duckdb", base)


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
    own, _, base = name.partition(" ")
    match = (_LAYER if base else _NAME).fullmatch(own)
    if match is None or (base and not _NAME.fullmatch(base)):
        raise SnapshotBroken(
            f"{snapshots_dir / POINTER} holds {name!r}, not the name of a snapshot. Publish again."
        )
    return SnapshotRef(int(match[1]), snapshots_dir / own, snapshots_dir / base if base else None)


def versions(snapshots_dir: Path) -> list[SnapshotRef]:
    """Every version whose file is there, oldest first, current or not."""
    found = ((path, _NAME.fullmatch(path.name)) for path in snapshots_dir.glob("snapshot-*.duckdb"))
    return sorted(
        (SnapshotRef(int(match[1]), path) for path, match in found if match), key=lambda one: one.version
    )


def _layers(snapshots_dir: Path) -> list[SnapshotRef]:
    """Every layer whose file is there, oldest first; what each lies over stands in the pointer only."""
    found = ((path, _LAYER.fullmatch(path.name)) for path in snapshots_dir.glob("layer-*.duckdb"))
    return sorted(
        (SnapshotRef(int(match[1]), path) for path, match in found if match), key=lambda one: one.version
    )


def move_pointer(snapshots_dir: Path, target: SnapshotRef) -> None:
    """Make `target` current by one atomic rename. An error comes before the rename: nothing has moved."""
    fresh = snapshots_dir / f"{BUILDING}{POINTER}"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(" ".join(path.name for path in (target.path, target.base) if path) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(snapshots_dir / POINTER)


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


def remove_leftovers(snapshots_dir: Path) -> None:
    """Delete the files that a killed publish left under construction."""
    for path in snapshots_dir.glob(f"{BUILDING}*"):
        path.unlink(missing_ok=True)


def prune(snapshots_dir: Path, now: SnapshotRef, keep: int) -> None:
    """Delete old versions but `now` and the newest `keep`, and all but the newest layers; what cannot be
    deleted waits for the next time.

    Readers that hold one keep its inode until they move on.
    """
    stale = [one for one in versions(snapshots_dir)[: -max(keep, 1)] if one.path != now.whole]
    files = [file for one in stale for file in (one.path, one.identity_path)]
    files += [one.path for one in _layers(snapshots_dir)[:-KEEP_LAYERS] if one.path != now.path]
    # A publish that was killed between two renames, or a clean-up by hand, leaves half a version.
    files += [
        file
        for file in snapshots_dir.glob("identity-*.duckdb")
        if not file.with_name(file.name.replace("identity-", "snapshot-", 1)).exists()
    ]
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("The old snapshot %s could not be deleted: %s", file, error)
