"""Segments that are loaded become zstd Parquet: a seventh of their size, whole lines, and every byte kept.

    archive/
      2026-11-20/segments-20261120T101500Z-1f0c….parquet    name, lane, content; one row for each segment

`restore` writes segments back byte for byte, so that they can be loaded again, elsewhere or after a fault.
"""

import os
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.collector.segments import is_content_of, sync_folder
from ingestion.live.waiting import Waiting, loaded_segments

# How long the ledger knows a segment's name; of one that is copied later every event counts as repeated.
LEDGER_AGE = timedelta(days=3)
COLUMNS = pa.schema([("name", pa.string()), ("lane", pa.string()), ("content", pa.large_binary())])


def archive(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    segments: Sequence[Waiting],
    on_stage: Callable[[str], None] = lambda _stage: None,
) -> Path | None:
    """Put loaded segments into one new file of ``folder``, note that in the ledger, and delete them.

    Returns the file. Whatever stops it, each segment is in its place or in an archive that the ledger names:
    the file is on disk before the ledger says so, and the ledger before a segment goes.
    """
    if not segments:
        return None
    now = datetime.now(UTC)
    target = folder / f"{now:%Y-%m-%d}" / f"segments-{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:12]}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_name(f".{target.name}.building")
    with pq.ParquetWriter(building, COLUMNS, compression="zstd") as writer:
        for one in segments:
            row = [[one.name], [one.lane], [one.path.read_bytes()]]
            writer.write_table(pa.table(row, schema=COLUMNS))
    with building.open("rb") as handle:
        os.fsync(handle.fileno())
    building.rename(target)
    sync_folder(target.parent)
    on_stage("written")
    names = [one.name for one in segments]
    connection.execute(
        "update raw_app.segment set archived_in = ? where list_contains(?, name)", [target.name, names]
    )
    connection.execute("delete from raw_app.segment where loaded_at < ?", [now - LEDGER_AGE])
    on_stage("noted")
    for one in segments:
        one.path.unlink(missing_ok=True)
    return target


def remove_leftovers(folder: Path) -> None:
    """Delete what a killed process was writing."""
    for file in folder.glob("*/.*.building"):
        file.unlink(missing_ok=True)


def remove_orphans(connection: duckdb.DuckDBPyConnection, folder: Path, segments: Path) -> list[Path]:
    """Delete archives that no ledger names, because the process ended before it could: every segment of such
    a one is still in its place below ``segments`` and comes into the next archive. Returns what was deleted.
    """
    named = connection.execute("select distinct archived_in from raw_app.segment").fetchall()
    known = {row[0] for row in named}
    in_place = {one.name for one in loaded_segments(segments)}
    youngest = time.time() - LEDGER_AGE.total_seconds()
    orphans = [
        file
        for file in folder.glob("*/segments-*.parquet")
        if file.name not in known
        and file.stat().st_mtime > youngest
        and in_place.issuperset(pq.read_table(file, columns=["name"]).column("name").to_pylist())
    ]
    for file in orphans:
        file.unlink()
    return orphans


def restore(file: Path, folder: Path) -> list[Path]:
    """Write the segments of one archive back into the lanes of ``folder``; returns their files.

    Raises ``ValueError`` where one is not what was sealed.
    """
    restored = []
    for batch in pq.ParquetFile(file).iter_batches(batch_size=8):
        for row in batch.to_pylist():
            lane = folder / row["lane"]
            lane.mkdir(parents=True, exist_ok=True)
            if not is_content_of(row["name"], row["content"]):
                raise ValueError(f"{row['name']} in {file} is not what the collector sealed")
            path: Path = lane / row["name"]
            building = path.with_name(f".{path.name}.building")  # nobody loads half of it
            building.write_bytes(row["content"])
            building.rename(path)
            restored.append(path)
    return restored
