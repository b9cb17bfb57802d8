"""The rejected rows: list them, look at one, and load again those that pass after a fix."""

import importlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingestion.batch import Chunk, Refused
from ingestion.config import SOURCE_NAMES, SourceConfigs
from ingestion.pipelines import garbage_collector_paused, load_package, open_pipeline, recover
from ingestion.readers.base import Parse
from ingestion.resources import Package, package_source
from ingestion.warehouse import RawSchema, open_warehouse

REPLAY_ROWS = 50_000  # rows of one load package
COLUMNS = (
    "rejected_id, source, entity, schema_version, reason_code, reason, path, position, rejected_at, attempts"
)


@dataclass(frozen=True)
class RejectedRow:
    """One rejected row. ``original`` holds its bytes as they were; a list leaves them out (``None``)."""

    rejected_id: str
    source: str
    entity: str
    schema_version: str
    reason_code: str
    reason: str
    path: str
    position: str
    rejected_at: datetime
    attempts: int
    status: str
    replayed_at: datetime | None
    original: bytes | None = None


@dataclass(frozen=True)
class ReplayReport:
    """What a replay did for one source: ``tried = loaded + repeated + refused``.

    ``repeated`` rows pass now, but the warehouse has their event, or a version as new, already.
    """

    source: str
    tried: int
    loaded: int
    repeated: int
    refused: int


def list_rejected(
    warehouse: Path,
    source: str | None = None,
    reason: str | None = None,
    since: datetime | None = None,
    status: str | None = "open",
    limit: int | None = None,
) -> list[RejectedRow]:
    """Rejected rows, newest first, without their bytes; ``status=None`` lists the replayed ones too."""
    connection = open_warehouse(warehouse, read_only=True)
    try:
        filters = _filters(reason=reason, since=since, status=status)
        rows = []
        for name in [source] if source else SOURCE_NAMES:
            if "rejected_row" in RawSchema(connection, name).tables():
                rows += _select(connection, name, f"{COLUMNS}, status, replayed_at", filters, limit)
    finally:
        connection.close()
    rows.sort(key=lambda row: (row[8], row[0]), reverse=True)
    return [RejectedRow(*row) for row in rows[:limit]]


def show_rejected(warehouse: Path, rejected_id: str) -> RejectedRow | None:
    """One rejected row with its bytes, by its id or the beginning of it; ``None`` where there is none.

    Raises ``ValueError`` where the beginning fits more than one.
    """
    connection = open_warehouse(warehouse, read_only=True)
    try:
        found = []
        for name in SOURCE_NAMES:
            if "rejected_row" in RawSchema(connection, name).tables():
                columns = f"{COLUMNS}, status, replayed_at, original"
                found += _select(connection, name, columns, {"starts_with(rejected_id, ?)": rejected_id}, 2)
    finally:
        connection.close()
    if len(found) > 1:
        raise ValueError(f"{rejected_id} is the beginning of more than one rejected row; give more of it")
    return RejectedRow(*found[0]) if found else None


def replay_rejected(
    warehouse: Path,
    pipelines_dir: Path,
    source: str | None = None,
    reason: str | None = None,
    since: datetime | None = None,
    configs: SourceConfigs | None = None,
) -> list[ReplayReport]:
    """Check the bytes of open rejected rows against today's contracts and load those that pass.

    They take the same way as any row, so replaying twice loads once. Rows that fail again stay open, with
    one more attempt and today's reason. ``configs`` is needed for a market file with a mapping of its own.
    """
    reports = []
    filters = _filters(reason=reason, since=since, status="open")
    for name in [source] if source else SOURCE_NAMES:
        connection = open_warehouse(warehouse)
        try:
            raw = RawSchema(connection, name)
            if "rejected_row" in raw.tables():
                with garbage_collector_paused():
                    reports.append(_replay(raw, pipelines_dir, configs or SourceConfigs(), filters))
        finally:
            connection.close()
    return reports


class _ReplayReader:
    """Yields rejected rows from their bytes."""

    is_authority = False

    def __init__(self, rows: list[tuple[str, bytes]], parse: Parse) -> None:
        self.rows, self.parse = rows, parse
        self.notes: list[str] = []
        self.more = False

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """One chunk; the state is left as it is."""
        parsed = [(position, original, self.parse(original, position)) for position, original in self.rows]
        good = [(position, original, row) for position, original, row in parsed if isinstance(row, dict)]
        yield Chunk(
            [row for _, _, row in good],
            lambda index: good[index][0],
            lambda index: good[index][1],
            [row for _, _, row in parsed if isinstance(row, Refused)],
        )


def _replay(
    raw: RawSchema, pipelines_dir: Path, configs: SourceConfigs, filters: Mapping[str, Any]
) -> ReplayReport:
    pipeline = open_pipeline(raw.source, pipelines_dir, raw.connection)
    recover(pipeline, raw)
    parser = importlib.import_module(f"ingestion.sources.{raw.source}").parser
    run_id = f"replay-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    waiting = _select(raw.connection, raw.source, "rejected_id, entity, position, original", filters, None)
    counts = {"tried": 0, "loaded": 0, "repeated": 0, "refused": 0}
    for start in range(0, len(waiting), REPLAY_ROWS):
        part = waiting[start : start + REPLAY_ROWS]
        by_entity: dict[str, list[tuple[str, bytes]]] = {}
        for _, entity, position, original in part:
            by_entity.setdefault(entity, []).append((position, original))
        package = Package(raw.source, f"{run_id}.{start // REPLAY_ROWS}", raw, is_replay=True)
        readers = {name: _ReplayReader(rows, parser(configs, name)) for name, rows in by_entity.items()}
        load_package(pipeline, package_source(readers, package), raw)
        _mark(raw, [row[0] for row in part], package)
        batches = package.batches.values()
        counts["tried"] += len(part)
        counts["repeated"] += sum(batch.repeated for batch in batches)
        counts["refused"] += sum(batch.rejected for batch in batches)
    counts["loaded"] = sum(audit[2] for audit in raw.audits(run_id))
    return ReplayReport(raw.source, **counts)


def _mark(raw: RawSchema, tried: list[str], package: Package) -> None:
    """Write what became of the rows; a crash before this replays them once more, which changes nothing."""
    tables = [table for batch in package.batches.values() for table in batch.refused]
    again = pa.concat_tables(tables) if tables else None
    failed = set(again["rejected_id"].to_pylist()) if again else set()
    passed = pa.table({"rejected_id": pa.array([key for key in tried if key not in failed], pa.string())})
    update = partial("update {0}.rejected_row as row set attempts = row.attempts + 1, {1}".format, raw.name)
    raw.connection.register("passed", passed)
    raw.connection.execute(
        update("status = 'replayed', replayed_at = now()")
        + " where row.status = 'open' and rejected_id in (select rejected_id from passed)"
    )
    raw.connection.unregister("passed")
    if again:
        raw.connection.register("again", again)
        columns = ("schema_version", "reason_code", "reason", "path")
        values = ", ".join(f"{column} = again.{column}" for column in columns)
        raw.connection.execute(update(values) + " from again where row.rejected_id = again.rejected_id")
        raw.connection.unregister("again")


def _filters(**wanted: Any) -> dict[str, Any]:
    clauses = {"reason": "reason_code = ?", "since": "rejected_at >= ?", "status": "status = ?"}
    return {clauses[name]: value for name, value in wanted.items() if value is not None}


def _select(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: str,
    filters: Mapping[str, Any],
    limit: int | None,
) -> list[tuple[Any, ...]]:
    where = " and ".join(filters) or "true"
    query = f"select {columns} from raw_{source}.rejected_row where {where}"
    query += " order by rejected_at desc, rejected_id"
    if limit is not None:
        query += f" limit {int(limit)}"
    return connection.execute(query, list(filters.values())).fetchall()
