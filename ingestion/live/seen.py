"""Which message ids the warehouse holds, in 8 bytes for each: a look at them costs the same however many
there are.

A join of a new batch with the table reads every id that is there. The 64-bit hashes of all ids, sorted, are
in memory instead: an id whose hash is not there is new for certain, the few others are looked up in the table
itself. So a hash that two ids share costs a lookup and loses nothing.
"""

from collections.abc import Callable

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]
Superseded = Callable[[pa.Table], np.ndarray]


class SeenIds:
    """The hashes of the ids of one table; ``column`` is the id's column. Not for several threads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
        self._connection = connection
        found = connection.execute(f"select hash({column}) as hashed from {table}").fetchnumpy()
        self._runs: list[Hashes] = [np.sort(np.asarray(found["hashed"], dtype=np.uint64))]

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Go on over another connection to the same table."""
        self._connection = connection

    def __len__(self) -> int:
        return sum(map(len, self._runs))

    def hashes(self, ids: pa.ChunkedArray) -> Hashes:
        """The hash of each id, by the engine's own function."""
        given = pa.table({"id": ids})
        self._connection.register("given_ids", given)
        try:
            found = self._connection.execute("select hash(id) as hashed from given_ids").fetchnumpy()
        finally:
            self._connection.unregister("given_ids")
        return np.asarray(found["hashed"], dtype=np.uint64)

    def maybe(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Which of the hashes are known: those ids may be there, all others are not."""
        known = np.zeros(len(hashes), dtype=bool)
        for run in self._runs:
            if len(run):
                places = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
                known |= run[places] == hashes
        return known

    def add(self, hashes: Hashes) -> None:
        """Remember ids that are now in the table. Runs of like size are merged: each id is moved a
        logarithmic number of times.
        """
        self._runs.append(np.sort(hashes))
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            last = self._runs.pop()
            self._runs[-1] = np.sort(np.concatenate([self._runs[-1], last]), kind="stable")

    def superseded(self, id_column: str, look_up: Superseded) -> Superseded:
        """``look_up`` (of `RawSchema.superseded`) asked only about the rows that may be there."""

        def rows(keys: pa.Table) -> np.ndarray:
            maybe = self.maybe(self.hashes(keys.column(id_column)))
            if not maybe.any():
                return np.zeros(0, dtype=np.int64)
            return look_up(keys.filter(pa.array(maybe)))

        return rows
