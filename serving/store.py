"""Reading the published snapshot: always one whole version, moved on to a new one between queries.

    store = Store(settings.snapshots_dir)
    store.query("SELECT count(*) FROM serving.srv_dealer")          # whatever is current
    snapshot = store.snapshot()                                     # several queries on one version
    snapshot.query(...); snapshot.query(...)

Every version has its own in-memory connection with the file attached read-only as `snap`, and is then
locked: no other file can be read or written through it. A fresh connection for each version instead of
DETACH/ATTACH on one, because with external access off a connection cannot attach any more, and allowing the
folder would also allow COPY into it (tried with 2.0.0). Opening takes about 15 ms and happens once for each
version.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from serving import layout
from serving.copy import sql_path
from serving.errors import NoSnapshot, QueryFailed, SnapshotBroken
from serving.layout import SnapshotRef

Params = Mapping[str, Any] | Sequence[Any] | None


@dataclass(frozen=True)
class SnapshotMeta:
    """What a snapshot says about itself. `published_at` is an instant; `as_of` the day its data stand for."""

    version: int
    published_at: datetime
    as_of: date | None


class Snapshot:
    """One version, open for as long as somebody holds it. Safe to use from several threads."""

    def __init__(self, ref: SnapshotRef, connection: duckdb.DuckDBPyConnection, meta: SnapshotMeta) -> None:
        self.ref = ref
        self.meta = meta
        self._connection = connection

    @property
    def version(self) -> int:
        """The version's number, for people. The key for whatever is cached is the file, `ref.path`: numbers
        start again in a folder that was removed.
        """
        return self.ref.version

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Run one SELECT; tables are `indicators.…` and `serving.…`, times are UTC instants.

        Raises QueryFailed when the statement is wrong and SnapshotBroken when the file is.
        """
        cursor = self._connection.cursor()
        try:
            cursor.execute("USE snap")
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
        if not ref.path.is_file():
            raise SnapshotBroken(f"{ref.path} is current and does not exist. Publish again.")
        connection = duckdb.connect(config=self._config)
        try:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute(f"ATTACH '{sql_path(ref.path)}' AS snap (READ_ONLY)")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            row = connection.execute("SELECT version, published_at, as_of FROM snap.meta").fetchone()
        except duckdb.Error as error:
            connection.close()
            raise SnapshotBroken(
                f"{ref.path} cannot be opened: {_first_line(error)}. Publish again."
            ) from error
        if row is None or row[0] != ref.version:
            connection.close()
            raise SnapshotBroken(f"{ref.path} does not hold version {ref.version}. Publish again.")
        return Snapshot(ref, connection, SnapshotMeta(*row))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
