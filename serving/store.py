"""Reading the published snapshot: always one whole version, moved on to a new one between queries.

    store = Store(settings.snapshots_dir)
    store.query("SELECT count(*) FROM serving.srv_dealer")          # whatever is current
    snapshot = store.snapshot()                                     # several queries on one version
    snapshot.query(...); snapshot.query(...)

Every version has its own in-memory connection with the file attached read-only as `snap` (of a layer its
own file, whose views read the snapshot under it, attached as `base`), and is then locked: no other file can
be read or written through it. A fresh connection for each version instead of DETACH/ATTACH on one, because
with external access off a connection cannot attach any more, and allowing the folder would also allow COPY
into it (tried with 2.0.0). Opening takes about 50 ms for a hundred relations and happens once for each
version.

Queries see the file only through secure views that ask the cursor's session variables what the reader may
see (`policy`); a cursor that sets none sees no rows. `snapshot.seen_by(scope)` is the same version for one
reader.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from serving import layout, policy
from serving.access import EVERYTHING, AccessScope
from serving.copy import quoted, sql_path
from serving.errors import NoSnapshot, QueryFailed, SnapshotBroken
from serving.layer import BASE, SNAP
from serving.layout import SnapshotRef

Params = Mapping[str, Any] | Sequence[Any] | None


@dataclass(frozen=True)
class SnapshotMeta:
    """What a snapshot says about itself. `published_at` is an instant; `as_of` the day its data stand for."""

    version: int
    published_at: datetime
    as_of: date | None


@dataclass(frozen=True, eq=False)
class OpenVersion:
    """An open file, shared by everybody who reads it; what is the same for all readers is cached by it."""

    ref: SnapshotRef
    connection: duckdb.DuckDBPyConnection
    meta: SnapshotMeta


class Snapshot:
    """One version as one reader may see it, open for as long as somebody holds it. Threads may share it."""

    def __init__(self, opened: OpenVersion, scope: AccessScope = EVERYTHING) -> None:
        self.opened = opened
        self.scope = scope

    @property
    def ref(self) -> SnapshotRef:
        """The version's number and file."""
        return self.opened.ref

    @property
    def meta(self) -> SnapshotMeta:
        """What the snapshot says about itself."""
        return self.opened.meta

    @property
    def version(self) -> int:
        """The version's number, for people. The key for whatever is cached is the file, `ref.path`: numbers
        start again in a folder that was removed.
        """
        return self.ref.version

    def seen_by(self, scope: AccessScope) -> "Snapshot":
        """The same version for another reader."""
        return Snapshot(self.opened, scope)

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Run one SELECT; tables are `indicators.…` and `serving.…`, times are UTC instants.

        Raises QueryFailed when the statement is wrong and SnapshotBroken when the file is.
        """
        cursor = self.opened.connection.cursor()
        try:
            cursor.execute(f"SET VARIABLE {policy.KIND} = $1", [self.scope.kind])
            cursor.execute(f"SET VARIABLE {policy.IDS} = $1::VARCHAR[]", [list(self.scope.ids)])
            # Nobody replaces a view, not even in memory.
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            relation = cursor.sql(sql, params=params)
            if relation is None:
                raise QueryFailed("Only statements that return rows can be run on the snapshot.")
            return relation.to_arrow_table()
        except (duckdb.IOException, duckdb.InternalException, duckdb.FatalException) as error:
            raise SnapshotBroken(f"{self.ref.path} cannot be read: {error}. Publish again.") from error
        except duckdb.Error as error:
            raise QueryFailed(str(error)) from error
        finally:
            cursor.close()


class Store:
    """The door to the published snapshot for one process, shared by its threads."""

    def __init__(self, snapshots_dir: Path, *, threads: int = 2, memory: str = "1GB") -> None:
        self._folder = snapshots_dir
        self._config: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": "",  # a reader that needs to spill is asking for too much; it gets an error
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            # else a local variable named like a table is read instead of the table
            "python_enable_replacements": False,
        }
        self._lock = threading.Lock()
        self._open: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The current version, opened if it is new. The version before closes when its last holder lets go.

        Raises NoSnapshot before the first publish and SnapshotBroken when pointer or file cannot be read.
        """
        ref = self._current()
        with self._lock:
            held = self._open
            if held is not None and held.ref == ref:
                return held
            self._open = self._open_current(ref)
            return self._open

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Run one SELECT on the current version. See Snapshot.query."""
        return self.snapshot().query(sql, params)

    def _current(self) -> SnapshotRef:
        ref = layout.current(self._folder)
        if ref is None:
            raise NoSnapshot(f"Nothing is published in {self._folder} yet: run `make run`.")
        return ref

    def _open_current(self, ref: SnapshotRef) -> Snapshot:
        """Open `ref`, or what has become current since when pruning was faster than we were."""
        while True:
            try:
                return self._open_version(ref)
            except SnapshotBroken:
                newer = self._current()
                if newer == ref:
                    raise
                ref = newer

    def _open_version(self, ref: SnapshotRef) -> Snapshot:
        for path in (ref.path, ref.whole):
            if not path.is_file():
                raise SnapshotBroken(f"{path} is current and does not exist. Publish again.")
        connection = duckdb.connect(config=self._config)
        try:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            if ref.base:  # the views of a layer name it
                connection.execute(f"ATTACH '{sql_path(ref.base)}' AS {BASE} (READ_ONLY)")
            connection.execute(f"ATTACH '{sql_path(ref.path)}' AS {SNAP} (READ_ONLY)")
            _create_views(connection)
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            row = connection.execute("SELECT version, published_at, as_of FROM snap.main.meta").fetchone()
        except duckdb.Error as error:
            connection.close()
            raise SnapshotBroken(
                f"{ref.path} cannot be opened: {_first_line(error)}. Publish again."
            ) from error
        if row is None or row[0] != ref.version:
            connection.close()
            raise SnapshotBroken(f"{ref.path} does not hold version {ref.version}. Publish again.")
        return Snapshot(OpenVersion(ref, connection, SnapshotMeta(*row)))


def _create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """A secure view for each relation of the attached file, under the same schema and name."""
    found = connection.execute(
        """
        SELECT schema_name, table_name, list(column_name) FROM duckdb_columns()
         WHERE database_name = 'snap' AND schema_name IN ('indicators', 'serving') GROUP BY ALL
        """
    ).fetchall()
    row = connection.execute("SELECT count(*) FROM snap.serving.srv_dealer").fetchone()
    dealers = row[0] if row else 0
    statements = [f"CREATE SCHEMA {quoted(name)}" for name in sorted({schema for schema, _, _ in found})]
    statements += [
        f"CREATE SECURE VIEW {quoted(schema, name)} AS SELECT * FROM {quoted('snap', schema, name)}"
        f" WHERE {policy.condition(f'{schema}.{name}', columns, 'snap', dealers)}"
        for schema, name, columns in found
    ]
    connection.execute("; ".join(statements))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
