"""A layer: what has changed since the last whole snapshot, published in a file of its own.

Copying all tables for a few new events would cost seconds. A layer holds the changed days of the cubes and
the small tables that go with them, and a view for every table of the snapshot under it: of a changed cube the
other days from there and these days from here, of all others the table as it is. A reader attaches both files
read-only and sees one schema; it cannot tell a layer from a whole snapshot. Each layer holds everything that
differs from its base, so readers need exactly one, and whatever stops a publish leaves the last one current.

Which days differ is read from the fingerprints that the warehouse keeps for its cubes: the snapshot holds
those of the moment when it was copied.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from serving import layout
from serving.copy import DAY_STATE, fingerprint, quoted, sql_path
from serving.errors import PublishFailed

BASE, SNAP = "base", "snap"
_TABLES = "layer"  # the schema of the layer's own tables
_CUBES, _SERVING = "indicators", "serving"
# A layer with more rows than this is slower to write than to make a new snapshot.
MAX_ROWS = 2_000_000


class NoBase(PublishFailed):
    """No snapshot that a layer could lie over, or it has become too different: publish a whole one."""


@dataclass(frozen=True)
class LayerReport:
    """What one layer holds: days by cube, rows by `schema.name`."""

    version: int
    path: Path
    base: Path
    days: dict[str, tuple[date, ...]]
    rows: dict[str, int]
    seconds: float
    bytes: int


def publish_layer(
    con: duckdb.DuckDBPyConnection,
    snapshots_dir: Path,
    *,
    cubes: Sequence[str],
    tables: Sequence[str],
    keep: int = layout.KEEP,
    on_stage: Callable[[str], None] = lambda _stage: None,
) -> LayerReport:
    """Make the changed days of `cubes` and the whole `tables` (names of `serving`) current, over the last
    whole snapshot. `con` is a connection to the open warehouse.

    Raises NoBase where a whole snapshot is needed, PublishFailed and PublishBusy as `publish` does; the last
    version stays current then.
    """
    from serving.snapshot import confirm, disk_errors, only_publisher

    started = time.perf_counter()
    with disk_errors(snapshots_dir), only_publisher(snapshots_dir, 60.0):
        now = layout.current(snapshots_dir)
        if now is None or not now.whole.is_file():
            raise NoBase(f"Nothing is published in {snapshots_dir} yet: publish a whole snapshot first.")
        layout.remove_leftovers(snapshots_dir)
        target = layout.next_ref(snapshots_dir, now.whole)
        building = snapshots_dir / f"{layout.BUILDING}{target.path.name}"
        try:
            days, rows = _build(con, building, target, cubes, tables)
            on_stage("built")
            layout.sync_file(building)
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
    return LayerReport(
        target.version, target.path, now.whole, days, rows, time.perf_counter() - started, size
    )


def _build(
    con: duckdb.DuckDBPyConnection,
    building: Path,
    target: layout.SnapshotRef,
    cubes: Sequence[str],
    tables: Sequence[str],
) -> tuple[dict[str, tuple[date, ...]], dict[str, int]]:
    warehouse = con.execute("SELECT current_database()").fetchall()[0][0]
    assert target.base is not None  # noqa: S101  next_ref was given one
    attached = []
    try:
        for name, path, mode in ((BASE, target.base, " (READ_ONLY)"), (SNAP, building, "")):
            con.execute(f"ATTACH '{sql_path(path)}' AS {name}{mode}")
            attached.append(name)
        days = _changed_days(con, warehouse, cubes)
        con.execute("BEGIN")
        try:
            rows = _write(con, warehouse, target.version, days, tables)
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
        con.execute(f"CHECKPOINT {SNAP}")
        con.execute(f"DETACH {SNAP}")
        attached.remove(SNAP)
        _verify(con, building, rows)
    finally:
        for name in attached:
            con.execute(f"DETACH {name}")
    return days, {key: count for key, (count, _) in rows.items()}


def _changed_days(
    con: duckdb.DuckDBPyConnection, warehouse: str, cubes: Sequence[str]
) -> dict[str, tuple[date, ...]]:
    """By cube the days that are not what the base holds; raises NoBase where the base does not know."""
    try:
        found = con.execute(
            f"""
            WITH here AS (
                SELECT table_name, stat_date,
                       hash(row_cnt, key_hash, row_hash, person_hash, definition) AS content
                  FROM {quoted(warehouse)}.{DAY_STATE} WHERE list_contains($cubes, table_name)
            ), there AS (
                SELECT table_name, stat_date, content
                  FROM {BASE}.day_fingerprint WHERE list_contains($cubes, table_name)
            )
            SELECT table_name, stat_date FROM here FULL JOIN there USING (table_name, stat_date)
             WHERE here.content IS DISTINCT FROM there.content ORDER BY ALL
            """,
            {"cubes": list(cubes)},
        ).fetchall()
    except duckdb.CatalogException as error:
        raise NoBase("The last snapshot does not know its days: publish a whole one.") from error
    days: dict[str, list[date]] = {}
    for name, day in found:
        days.setdefault(name, []).append(day)
    return {name: tuple(of_table) for name, of_table in days.items()}


def _write(
    con: duckdb.DuckDBPyConnection,
    warehouse: str,
    version: int,
    days: dict[str, tuple[date, ...]],
    tables: Sequence[str],
) -> dict[str, tuple[int, int]]:
    """Fill the layer; answers with rows and content of its tables, by what they stand for."""
    for schema in (_TABLES, _CUBES, _SERVING):
        con.execute(f"CREATE SCHEMA {SNAP}.{schema}")
    con.execute(
        f"CREATE TABLE {SNAP}.meta AS SELECT ?::BIGINT AS version, ?::TIMESTAMPTZ AS published_at, as_of "
        f"FROM {BASE}.meta",
        [version, datetime.now(UTC)],
    )
    written: dict[str, tuple[int, int]] = {}
    sources = {
        f"{_CUBES}.{name}": f"WHERE stat_date IN ({_literals(of_table)})" for name, of_table in days.items()
    }
    sources |= {f"{_SERVING}.{name}": "" for name in tables}
    for key, where in sources.items():
        schema, name = key.split(".", 1)
        own = quoted(SNAP, _TABLES, name)
        con.execute(f"CREATE TABLE {own} AS FROM {quoted(warehouse, schema, name)} {where}")
        print_ = fingerprint(con, SNAP, _TABLES, name)
        written[key] = (print_.rows, print_.content)
    total = sum(count for count, _ in written.values())
    if total > MAX_ROWS:
        raise NoBase(f"{total:,} rows differ from the last snapshot: publish a whole one.")
    for schema, name in con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = ? AND schema_name IN (?, ?)",
        [BASE, _CUBES, _SERVING],
    ).fetchall():
        con.execute(f"CREATE VIEW {quoted(SNAP, schema, name)} AS {_view(schema, name, days, written)}")
    return written


def _view(
    schema: str, name: str, days: dict[str, tuple[date, ...]], written: dict[str, tuple[int, int]]
) -> str:
    under, own = quoted(BASE, schema, name), quoted(SNAP, _TABLES, name)
    if f"{schema}.{name}" not in written:
        return f"FROM {under}"
    if schema == _SERVING:
        return f"FROM {own}"
    return (
        f"SELECT * FROM {under} WHERE stat_date NOT IN ({_literals(days[name])}) UNION ALL BY NAME FROM {own}"
    )


def _literals(days: Sequence[date]) -> str:
    return ", ".join(f"DATE '{day}'" for day in days)


def _verify(con: duckdb.DuckDBPyConnection, building: Path, written: dict[str, tuple[int, int]]) -> None:
    """Open the finished file as a reader would and compare every table with what was read."""
    if building.with_name(building.name + ".wal").exists():
        raise PublishFailed("The layer was not checkpointed: a reader could not open it read-only.")
    con.execute(f"ATTACH '{sql_path(building)}' AS {SNAP} (READ_ONLY)")
    try:
        for key, expected in written.items():
            found = fingerprint(con, SNAP, _TABLES, key.split(".", 1)[1])
            if (found.rows, found.content) != expected:
                raise PublishFailed(
                    f"{key} in the layer ({found.rows} rows) differs from the warehouse ({expected[0]})."
                )
    finally:
        con.execute(f"DETACH {SNAP}")
