"""SQLite databases with the tables that a source's contracts describe; tables that nobody fills stay
empty.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from ingestion.contracts import load_contracts

_SQLITE_TYPE = {"integer": "INTEGER", "number": "REAL"}


def write_database(file: Path, source: str, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Path:
    """Write ``file`` anew with every table of ``source`` and the given rows; a row may leave columns out.

    The file is built apart and moved into place, so that a reader sees the old or the new one.
    """
    building = file.with_name(f".{file.name}.building")
    building.unlink(missing_ok=True)
    with closing(sqlite3.connect(building)) as database:
        for entity, contract in load_contracts(source).items():
            columns = {name: _SQLITE_TYPE.get(kind, "TEXT") for name, kind in contract.columns.items()}
            declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            key = ", ".join(f'"{name}"' for name in contract.primary_key)
            database.execute(f'CREATE TABLE "{entity}" ({declared}, PRIMARY KEY ({key}))')
            places = ", ".join("?" for _ in columns)
            rows = ([row.get(name) for name in columns] for row in tables.get(entity, ()))
            database.executemany(f'INSERT INTO "{entity}" VALUES ({places})', rows)
        database.commit()
    building.replace(file)
    return file
