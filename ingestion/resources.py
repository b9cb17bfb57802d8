"""dlt resources of one load package: the entities, then the rejected rows, then the audit of the counts.

They stand in one package, so that rows, rejected rows, counts and cursor arrive together or not at all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import dlt
import pyarrow as pa
from dlt.extract import DltResource
from dlt.sources import DltSource

from ingestion.batch import ARROW_TYPES, REJECTED, Batch, Entity, column_name, entity
from ingestion.contracts import entities
from ingestion.readers.base import Reader
from ingestion.warehouse import RawSchema

AUDIT = pa.schema(
    [
        ("run_id", pa.string()),
        ("source", pa.string()),
        ("entity", pa.string()),
        ("started_at", pa.timestamp("us", tz="UTC")),
        ("finished_at", pa.timestamp("us", tz="UTC")),
        ("read_cnt", pa.int64()),
        ("loaded_cnt", pa.int64()),
        ("rejected_cnt", pa.int64()),
        ("repeated_cnt", pa.int64()),
        ("is_balanced", pa.bool_()),
    ]
)
DLT_TYPES = {"integer": "bigint", "number": "double", "text": "text", "json": "text"}


@dataclass
class Package:
    """One load package on its way: what the resources need to know, and what they found."""

    source: str
    run_id: str
    raw: RawSchema | None = None
    """Where earlier rows are looked up; ``None`` where the source is tried out without a warehouse."""
    is_replay: bool = False
    """Rows that were refused earlier: where the warehouse has a version as new as theirs, that one stays."""
    notes: list[str] = field(default_factory=list)
    more: bool = False
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    batches: dict[str, Batch] = field(default_factory=dict)

    def existing(self) -> set[str]:
        """Tables that are there already."""
        return self.raw.tables() if self.raw else set()


def package_source(readers: Mapping[str, Reader], package: Package) -> DltSource:
    """The dlt source of one package: ``readers`` by entity; entities without one get their empty table."""
    tables = package.existing()
    names = entities(package.source)
    resources = [
        _entity_resource(entity(package.source, name), readers.get(name), package, name not in tables)
        for name in names
    ]
    resources += [_rejected_resource(package, "rejected_row" not in tables), _audit_resource(package)]
    return DltSource(dlt.Schema(package.source), package.source, resources)


def _entity_resource(table: Entity, reader: Reader | None, package: Package, is_new: bool) -> DltResource:
    def rows() -> Iterator[pa.Table]:
        if is_new:  # an empty source has its tables with all their columns
            yield _empty(table)
        if reader is None:
            return
        batch = Batch(table)
        for chunk in reader.chunks(dlt.current.resource_state(table.name)):
            batch.add(chunk)
        raw = package.raw
        yield from batch.tables(
            raw.superseded(table, package.is_replay) if raw and not reader.is_authority else None
        )
        package.batches[table.name] = batch
        package.notes += reader.notes
        package.more = package.more or reader.more
        if is_new or not batch.new_columns or package.raw is None:
            return
        known = package.raw.columns(table.name)
        new = {name for name in batch.new_columns if column_name(name) not in known}
        if new:
            package.notes.append(f"{table.name} has new columns: {', '.join(sorted(new))}")

    columns = {
        column_name(name): {"name": column_name(name), "data_type": DLT_TYPES[kind], "nullable": True}
        for name, kind in table.columns.items()
    }
    return _resource(rows, table.name, [column_name(name) for name in table.primary_key], columns)


def _rejected_resource(package: Package, is_new: bool) -> DltResource:
    def rows() -> Iterator[pa.Table]:
        if is_new:
            yield REJECTED.empty_table()
        for batch in package.batches.values():
            for refused in batch.refused:
                yield package.raw.unknown_rejects(refused) if package.raw else refused

    return _resource(rows, "rejected_row", ["rejected_id"])


def _audit_resource(package: Package) -> DltResource:
    def rows() -> Iterator[pa.Table]:
        counts: list[dict[str, Any]] = [
            {
                "run_id": package.run_id,
                "source": package.source,
                "entity": name,
                "started_at": package.started_at,
                "read_cnt": batch.read,
                "rejected_cnt": batch.rejected,
                "repeated_cnt": batch.repeated,
            }
            for name, batch in package.batches.items()
        ]
        yield pa.Table.from_pylist(counts, AUDIT)

    return _resource(rows, "load_audit", ["run_id", "entity"])


def _resource(
    rows: Callable[[], Iterator[pa.Table]],
    name: str,
    primary_key: list[str],
    columns: Any = None,
) -> DltResource:
    # delete-insert also deduplicates what a killed load left twice in staging; insert-only would not
    return dlt.resource(
        rows,
        name=name,
        primary_key=primary_key,
        columns=columns,
        write_disposition={"disposition": "merge", "strategy": "delete-insert"},
        max_table_nesting=0,
    )


def _empty(table: Entity) -> pa.Table:
    return pa.schema([(name, ARROW_TYPES[kind]) for name, kind in table.columns.items()]).empty_table()
