"""Source databases as SQLite files."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.demo.systems.bad_rows import Entity, schema_of

BATCH = 50_000


def _column_type(rule: dict[str, Any]) -> str:
    """Return an SQLite affinity: a wish, not a rule, so that a text can stand in a number column as in
    old systems.
    """
    kinds = rule.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return "INTEGER" if "integer" in kinds else "REAL" if "number" in kinds else "TEXT"


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def write_database(path: Path, entities: Iterable[Entity]) -> dict[str, int]:
    """Write one table for each entity, good rows first, with an index on its cursor; return rows by
    entity.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    counts = {}
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # the folder is thrown away when the writing fails
        connection.execute("PRAGMA synchronous = OFF")
        for entity in entities:
            schema = schema_of(entity.source, entity.name)
            names = entity.table.column_names
            columns = ", ".join(f'"{name}" {_column_type(schema["properties"][name])}' for name in names)
            insert = f'INSERT INTO "{entity.name}" VALUES ({", ".join("?" * len(names))})'
            connection.execute("BEGIN")
            connection.execute(f'CREATE TABLE "{entity.name}" ({columns})')
            connection.executemany(insert, _rows(entity.table))
            connection.executemany(insert, [tuple(row[name] for name in names) for row in entity.bad])
            cursor = schema["x-cursor"]
            connection.execute(f'CREATE INDEX "{entity.name}_{cursor}" ON "{entity.name}" ("{cursor}")')
            connection.execute("COMMIT")
            counts[entity.name] = len(entity.table) + len(entity.bad)
    finally:
        connection.close()
    return counts
