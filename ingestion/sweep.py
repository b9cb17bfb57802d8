"""Rows that a database deleted for good: found by comparing keys, set aside, and taken back when they return.

A change column says nothing of a row that is no longer there. So from time to time all keys of a table are
read and compared with the raw table. Rows whose key is gone move, as JSON, from ``raw_<source>.<entity>``
to ``raw_<source>.deleted_row``, in one transaction with a line in ``raw_<source>.sweep_audit``: nothing is
lost, and every model after the raw layer sees them go.

Keys are compared after the load: a row that came meanwhile is in the source only, and the next load brings
it. A table that lost more rows than anybody deletes (`MAX_SHARE`) was emptied by mistake until somebody
says otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from ingestion.batch import ARROW_TYPES, Chunk, column_name
from ingestion.contracts import Kind
from ingestion.readers.database import DatabaseReader
from ingestion.warehouse import RawSchema

MAX_SHARE = 0.2  # of a table's rows ...
MAX_ROWS = 100  # ... where they are more than these


@dataclass(frozen=True)
class Sweep:
    """What a comparison of keys found. ``status`` is ``refused`` where too many rows were gone, and
    nothing was moved.
    """

    entity: str
    source_cnt: int
    deleted_cnt: int
    returned: frozenset[tuple[Any, ...]]
    status: str

    def note(self) -> str | None:
        """What there is to say about it; ``None`` where nothing changed."""
        if self.status == "refused":
            return (
                f"{self.deleted_cnt:,} rows of {self.entity} are gone from the source, too many to believe: "
                "they stay. If that is right, load once with --accept-deletions"
            )
        parts = []
        if self.deleted_cnt:
            parts.append(
                f"{self.deleted_cnt:,} rows of {self.entity} were deleted in the source; they are set aside"
            )
        if self.returned:
            parts.append(f"{len(self.returned):,} deleted rows of {self.entity} are back")
        return ". ".join(parts) or None


class ReturnedReader:
    """Reads the rows of some keys again, whatever their change column says; moves no cursor."""

    is_authority = True

    def __init__(self, reader: DatabaseReader, keys: frozenset[tuple[Any, ...]]) -> None:
        self.reader, self.keys = reader, keys
        self.notes: list[str] = []
        self.more = False

    def chunks(self, state: Mapping[str, Any]) -> Iterator[Chunk]:
        """Yield the rows; deletions that come back are rare, so the whole table is read for them."""
        names = self.reader.entity.primary_key
        for chunk in self.reader.chunks({}):
            wanted = [
                i for i, row in enumerate(chunk.rows) if tuple(row[name] for name in names) in self.keys
            ]
            if wanted:
                yield _part(chunk, wanted)


def swept_since(raw: RawSchema, moment: datetime) -> set[str]:
    """Entities whose keys were compared after ``moment``; a run that was stopped leaves the others to the
    next.
    """
    if "sweep_audit" not in raw.tables():
        return set()
    query = f"select distinct entity from {raw.name}.sweep_audit where swept_at > ?"
    return {row[0] for row in raw.connection.execute(query, [moment]).fetchall()}


def sweep(raw: RawSchema, reader: DatabaseReader, run_id: str, *, accept: bool = False) -> Sweep:
    """Compare the keys of one table and set aside the rows that are gone. ``accept`` believes any number
    of them.
    """
    _make_tables(raw)
    entity = reader.entity
    keys = _source_keys(reader)
    raw.connection.register("source_key", keys)
    try:
        return _compare(
            raw, entity.name, [column_name(name) for name in entity.primary_key], keys, run_id, accept
        )
    finally:
        raw.connection.unregister("source_key")


def _compare(raw: RawSchema, entity: str, key: list[str], keys: pa.Table, run_id: str, accept: bool) -> Sweep:
    """All of it in one transaction: a kill leaves rows, copies and audit as they were or as they are meant
    to be.
    """
    table, deleted_row = f"{raw.name}.{entity}", f"{raw.name}.deleted_row"
    same = " and ".join(f'raw."{name}" is not distinct from source_key."{name}"' for name in key)
    gone = f"from {table} as raw where not exists (select 1 from source_key where {same})"
    execute = raw.connection.execute
    raw.connection.begin()
    try:
        execute(
            f"""update {deleted_row} set returned_at = now() where entity = ? and returned_at is null
            and row_key in (select {_row_key("raw", key)} from {table} as raw)""",
            [entity],
        )
        total, deleted = execute(
            f"select (select count(*) from {table}), (select count(*) {gone})"
        ).fetchall()[0]
        returned = execute(
            f"""select {", ".join(f'source_key."{name}"' for name in key)} from source_key
            where {_row_key("source_key", key)} in (
                select row_key from {deleted_row} where entity = ? and returned_at is null)""",
            [entity],
        ).fetchall()
        is_refused = not accept and deleted > MAX_ROWS and deleted > MAX_SHARE * total
        found = Sweep(
            entity, keys.num_rows, deleted, frozenset(returned), "refused" if is_refused else "done"
        )
        if deleted and not is_refused:
            row = f"?, {_row_key('raw', key)}, to_json(raw)::varchar, now(), ?, null"
            execute(f"insert into {deleted_row} select {row} {gone}", [entity, run_id])
            execute(f"delete {gone}")
        audit = [run_id, entity, found.source_cnt, deleted, len(returned), found.status]
        execute(f"insert into {raw.name}.sweep_audit values (?, ?, now(), ?, ?, ?, ?)", audit)
        raw.connection.commit()
    except BaseException:
        raw.connection.rollback()
        raise
    return found


def _row_key(alias: str, key: list[str]) -> str:
    """A row's key as text, as `deleted_row.row_key` has it."""
    return "to_json([" + ", ".join(f'{alias}."{name}"::varchar' for name in key) + "])::varchar"


def _source_keys(reader: DatabaseReader) -> pa.Table:
    """All keys of the table as the raw table writes them; one column for each key column."""
    entity = reader.entity
    columns: dict[str, list[Any]] = {name: [] for name in entity.primary_key}
    for rows in reader.read_keys():
        for name, values in columns.items():
            values.extend(row[name] for row in rows)
    arrays = [_key_column(values, entity.columns[name]) for name, values in columns.items()]
    return pa.table(arrays, [column_name(name) for name in columns])


def _key_column(values: list[Any], kind: Kind) -> pa.Array:
    """A key that the column cannot hold belongs to a row that was refused: no row of the raw table has it."""
    if kind == "integer":
        values = [value if isinstance(value, int) else None for value in values]
    else:
        values = [value if value is None else str(value) for value in values]
    return pa.array(values, ARROW_TYPES[kind])


def _make_tables(raw: RawSchema) -> None:
    raw.connection.execute(
        f"""create table if not exists {raw.name}.deleted_row (
            entity varchar, row_key varchar, original varchar, deleted_at timestamptz, run_id varchar,
            returned_at timestamptz);
        create table if not exists {raw.name}.sweep_audit (
            run_id varchar, entity varchar, swept_at timestamptz, source_cnt bigint, deleted_cnt bigint,
            returned_cnt bigint, status varchar)"""
    )


def _part(chunk: Chunk, wanted: list[int]) -> Chunk:
    return Chunk(
        [chunk.rows[i] for i in wanted],
        lambda index: chunk.position(wanted[index]),
        lambda index: chunk.original(wanted[index]),
    )
