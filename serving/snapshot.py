"""Publishing: the warehouse's cubes and `srv_` models become the next version of the snapshot.

A new file is written apart, checked against the warehouse, brought to disk and renamed; then one atomic
rename of the `CURRENT` pointer makes it current. Whatever stops a publish before that rename (an error, a
full disk, `kill -9`) leaves the last good version current; its leftovers go with the next publish. Readers
need no lock and take none.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from serving import identity_file, layout
from serving.contract import SCHEMAS
from serving.copy import (
    OUT,
    Fingerprint,
    attach_warehouse,
    check_contract,
    copy_fingerprints,
    copy_relations,
    fingerprint,
    relations,
    sql_path,
)
from serving.errors import PublishBusy, PublishFailed, PublishUnsure, SnapshotBroken
from serving.identity_key import IdentityKey
from serving.layout import SnapshotRef, current

__all__ = ["PublishReport", "SnapshotRef", "current", "publish"]

# Room for the first version, whose size nobody knows yet; later ones need half as much again as the one
# before.
FIRST_BYTES = 64 << 20


@dataclass(frozen=True)
class PublishReport:
    """What one publish did. `identities` are the people whose identifying values were sealed beside it; None
    where it was published without a key.
    """

    version: int
    path: Path
    tables: dict[str, int]
    seconds: float
    bytes: int
    identities: int | None = None


def publish(
    warehouse: Path,
    snapshots_dir: Path,
    *,
    as_of: date | None = None,
    key: IdentityKey | None = None,
    keep: int = layout.KEEP,
    lock_timeout: float = 60.0,
    min_free_bytes: int | None = None,
    on_stage: Callable[[str], None] = lambda _stage: None,
) -> PublishReport:
    """Write, check and make current the next version of the snapshot.

    `as_of` is the day the data stand for; it is only recorded. With a `key` the identifying values are
    sealed into a second file that becomes current in the same moment; without one they are not published.
    `keep` versions stay on disk; one that cannot be deleted fails no publish. `min_free_bytes` overrides the
    estimate of the room needed. `on_stage` is told each stage by name.

    Raises PublishBusy when another publish or a writer of the warehouse is in the way, PublishFailed for
    everything else that leaves the last version current: no warehouse, a missing or changed model, a copy
    that differs, a full disk. PublishUnsure is raised when the new version is current and the disk does not
    confirm it.
    """
    started = time.perf_counter()
    if not warehouse.is_file():
        raise PublishFailed(f"There is no warehouse at {warehouse}: run `forecourt run` first.")
    with disk_errors(snapshots_dir), only_publisher(snapshots_dir, lock_timeout):
        on_stage("locked")
        layout.remove_leftovers(snapshots_dir)
        _check_room(snapshots_dir, min_free_bytes)
        target = layout.next_ref(snapshots_dir)
        building = snapshots_dir / f"{layout.BUILDING}{target.path.name}"
        sealing = snapshots_dir / f"{layout.BUILDING}{target.identity_path.name}"
        meta = _Meta(target.version, as_of, key, _last_identities(snapshots_dir))
        try:
            prints, identities = _build(building, sealing, warehouse, meta, on_stage)
            _verify(building, prints)
            on_stage("verified")
            layout.sync_file(building)
            if key is not None:
                layout.sync_file(sealing)
            on_stage("synced")
            if key is not None:
                sealing.rename(target.identity_path)
            building.rename(target.path)
            layout.sync_folder(snapshots_dir)
            on_stage("renamed")
            layout.move_pointer(snapshots_dir, target)
        finally:
            with suppress(OSError):  # the next publish clears them
                layout.remove_leftovers(snapshots_dir)
        confirm(snapshots_dir, target)
        on_stage("current")
        size = target.path.stat().st_size
        layout.prune(snapshots_dir, target, keep)
        on_stage("pruned")
    tables = {key: one.rows for key, one in prints.items()}
    seconds = time.perf_counter() - started
    return PublishReport(target.version, target.path, tables, seconds, size, identities)


@dataclass(frozen=True)
class _Meta:
    version: int
    as_of: date | None
    key: IdentityKey | None
    identities_before: Path | None


def _last_identities(snapshots_dir: Path) -> Path | None:
    """The current file of identifying values, whose unchanged rows need not be sealed again."""
    with suppress(SnapshotBroken):
        last = current(snapshots_dir)
        return last.identity_path if last else None
    return None


def _build(
    building: Path, sealing: Path, warehouse: Path, meta: _Meta, on_stage: Callable[[str], None]
) -> tuple[dict[str, Fingerprint], int | None]:
    """Copy into new files and close them; return the fingerprints of what was read and the people sealed."""
    with duckdb.connect() as con:
        try:
            catalogue = attach_warehouse(con, warehouse)
        except (duckdb.IOException, duckdb.ResourceInUseException) as error:
            raise PublishBusy(
                f"The warehouse is being written by another process, or is broken: {error}"
            ) from error
        found = relations(con, catalogue, SCHEMAS)
        check_contract(con, catalogue, found)
        con.execute(f"ATTACH '{sql_path(building)}' AS {OUT}")
        # One transaction: every relation is read from one state of the warehouse, and now() stands still.
        con.execute("BEGIN")
        _write_meta(con, meta)
        prints = copy_relations(con, catalogue, found, on_stage)
        copy_fingerprints(con, catalogue)
        con.execute("COMMIT")
        on_stage("copied")
        con.execute(f"CHECKPOINT {OUT}")
        con.execute(f"DETACH {OUT}")
        # A transaction may write one file. The warehouse stays attached, so no writer can come in between.
        identities = None
        if meta.key is not None:
            identities = identity_file.write(
                con, catalogue, sealing, meta.key, meta.version, meta.identities_before
            )
            identity_file.check(con, sealing, meta.key, identities)
            on_stage("sealed")
    on_stage("closed")
    return prints, identities


def _write_meta(con: duckdb.DuckDBPyConnection, meta: _Meta) -> None:
    con.execute(
        f"""
        CREATE TABLE {OUT}.meta AS SELECT
            $version::BIGINT AS version, $published_at::TIMESTAMPTZ AS published_at,
            $as_of::DATE AS as_of
        """,
        {
            "version": meta.version,
            "published_at": datetime.now(UTC),
            "as_of": meta.as_of,
        },
    )


def _verify(building: Path, prints: dict[str, Fingerprint]) -> None:
    """Open the finished file as a reader would and compare every table with what was read from the
    warehouse.
    """
    if building.with_name(building.name + ".wal").exists():
        raise PublishFailed("The snapshot file was not checkpointed: a reader could not open it read-only.")
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{sql_path(building)}' AS {OUT} (READ_ONLY)")
        for key, expected in prints.items():
            schema, name = key.split(".", 1)
            found = fingerprint(con, OUT, schema, name)
            if found != expected:
                raise PublishFailed(
                    f"{key} in the snapshot ({found.rows} rows) differs from the warehouse ({expected.rows})."
                )


def confirm(snapshots_dir: Path, target: SnapshotRef) -> None:
    """Return when the pointer's rename would survive a power cut."""
    try:
        layout.sync_folder(snapshots_dir)
    except OSError as error:
        raise PublishUnsure(
            f"Version {target.version} is current, but the disk under {snapshots_dir} does not confirm it: a "
            f"power cut may bring back the version before. {error}"
        ) from error


@contextmanager
def only_publisher(snapshots_dir: Path, timeout: float) -> Iterator[None]:
    """Hold the folder's lock; the system releases it when the holder dies."""
    try:
        snapshots_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(snapshots_dir / layout.LOCK, timeout=timeout):
            yield
    except Timeout as error:
        raise PublishBusy(f"Another publish into {snapshots_dir} has run for {timeout:.0f} s.") from error


@contextmanager
def disk_errors(snapshots_dir: Path) -> Iterator[None]:
    """Turn what the disk or the engine says into one sentence that also says that nothing was lost."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        raise PublishFailed(
            f"The snapshot was not written to {snapshots_dir} and the last one stays current: {error}"
        ) from error


def _check_room(snapshots_dir: Path, min_free_bytes: int | None) -> None:
    try:
        last = current(snapshots_dir)
    except SnapshotBroken:
        last = None
    size = last.whole.stat().st_size if last and last.whole.exists() else 0  # a layer is small
    needed = min_free_bytes if min_free_bytes is not None else max(FIRST_BYTES, size + size // 2)
    free = shutil.disk_usage(snapshots_dir).free
    if free < needed:
        raise PublishFailed(
            f"{snapshots_dir} has {free >> 20:,} MB free; the next snapshot needs about "
            f"{needed >> 20:,} MB. Make room; the last snapshot stays current."
        )
