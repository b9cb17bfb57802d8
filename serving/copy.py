"""Copying relations from the warehouse into a snapshot file, and proving that the copy is the original."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from serving.contract import NOT_EMPTY, PERSONAL_COLUMNS, REQUIRED
from serving.errors import PublishFailed

OUT = "snapshot_out"
DAY_STATE = "indicator_state.day_fingerprint"


@dataclass(frozen=True)
class Relation:
    """A table or view of the warehouse that the snapshot carries."""

    schema: str
    name: str
    is_view: bool

    @property
    def key(self) -> str:
        """`schema.name`, as readers write it."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Fingerprint:
    """Rows, and the sum of the rows' hashes: equal for equal contents in any order."""

    rows: int
    content: int


def quoted(*parts: str) -> str:
    """A dotted SQL identifier with every part quoted."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def attach_warehouse(con: duckdb.DuckDBPyConnection, warehouse: Path) -> str:
    """Attach the warehouse read-only and return its catalogue name.

    The name is the file's stem because dbt writes that name into the bodies of its views.
    """
    name = warehouse.stem
    con.execute(f"ATTACH '{sql_path(warehouse)}' AS {quoted(name)} (READ_ONLY)")
    return name


def sql_path(path: Path) -> str:
    """A path as the inside of a SQL string literal."""
    return str(path).replace("'", "''")


def relations(con: duckdb.DuckDBPyConnection, catalogue: str, schemas: Sequence[str]) -> list[Relation]:
    """Tables and views of `schemas`, in the order of their names."""
    rows = con.execute(
        """
        SELECT schema_name, table_name, false FROM duckdb_tables()
         WHERE database_name = $catalogue AND list_contains($schemas, schema_name) AND NOT temporary
        UNION ALL
        SELECT schema_name, view_name, true FROM duckdb_views()
         WHERE database_name = $catalogue AND list_contains($schemas, schema_name) AND NOT internal
        ORDER BY 1, 2
        """,
        {"catalogue": catalogue, "schemas": list(schemas)},
    ).fetchall()
    return [Relation(*row) for row in rows]


def check_contract(con: duckdb.DuckDBPyConnection, catalogue: str, found: Sequence[Relation]) -> None:
    """Raise PublishFailed when readers would miss something, or would see what they must not."""
    columns: dict[str, set[str]] = {one.key: set() for one in found}
    for schema, table, column in con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = ?",
        [catalogue],
    ).fetchall():
        columns.get(f"{schema}.{table}", set()).add(column)
    for key, wanted in REQUIRED.items():
        if key not in columns:
            raise PublishFailed(
                f"The warehouse has no {key}: build it (forecourt build), then publish again."
            )
        missing = [column for column in wanted if column not in columns[key]]
        if missing:
            raise PublishFailed(f"{key} lacks {', '.join(missing)}, which the dashboards read.")
    for key in NOT_EMPTY:
        if not _count(con, catalogue, *key.split(".")):
            raise PublishFailed(f"{key} is empty: the build did not finish. Build again, then publish.")
    for key, names in columns.items():
        personal = sorted(PERSONAL_COLUMNS & {name.lower() for name in names})
        if personal:
            raise PublishFailed(
                f"{key} holds {', '.join(personal)}: personal data does not go into the snapshot."
            )


def copy_relations(
    con: duckdb.DuckDBPyConnection, catalogue: str, found: Sequence[Relation], on_stage: Callable[[str], None]
) -> dict[str, Fingerprint]:
    """Write every relation as a table of the attached file `snapshot_out`; return what was read, by
    `schema.name`.
    """
    for schema in sorted({one.schema for one in found}):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(OUT, schema)}")
    prints = {}
    for one in found:
        source = quoted(catalogue, one.schema, one.name)
        con.execute(f"CREATE TABLE {quoted(OUT, one.schema, one.name)} AS FROM {source}")
        # A view is computed again by each query, and a parallel sum of floats may differ in its last digit.
        origin = OUT if one.is_view else catalogue
        prints[one.key] = fingerprint(con, origin, one.schema, one.name)
        on_stage(f"copied {one.key}")
    return prints


def copy_fingerprints(con: duckdb.DuckDBPyConnection, catalogue: str) -> None:
    """Keep beside the cubes what their days looked like when they were written (the warehouse knows), so that
    a layer can hold the days that have changed since. A warehouse without cubes has none.
    """
    known = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? AND table_name = ?",
        [catalogue, *DAY_STATE.split(".")],
    ).fetchall()
    if known:
        con.execute(
            f"CREATE TABLE {OUT}.day_fingerprint AS SELECT table_name, stat_date, "
            f"hash(row_cnt, key_hash, row_hash, person_hash, definition) AS content "
            f"FROM {quoted(catalogue)}.{DAY_STATE}"
        )


def fingerprint(con: duckdb.DuckDBPyConnection, catalogue: str, schema: str, name: str) -> Fingerprint:
    """Count a table's rows and sum their hashes."""
    row = con.execute(
        f"SELECT count(*), coalesce(sum(hash(row_)), 0) FROM {quoted(catalogue, schema, name)} AS row_"
    ).fetchone()
    assert row is not None  # noqa: S101  an aggregate without GROUP BY always gives one row
    return Fingerprint(int(row[0]), int(row[1]))


def _count(con: duckdb.DuckDBPyConnection, catalogue: str, schema: str, name: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {quoted(catalogue, schema, name)}").fetchone()
    return int(row[0]) if row else 0
