"""The rows above the cursor: every load reads them again, and has to know which it has seen.

Rows do not become visible in the order of their change column: a transaction that is long commits values that
are older than what a load has seen, databases give whole seconds and bulk updates many equal values, and a
machine with a wrong clock writes a time of tomorrow. So the cursor stays behind: at most at ``now - lag`` for
times, and ``DEPTH`` rows below the highest for sequence numbers (a single number that is far too high is one
of these rows). What lies at or above it is read again by the next load and recognised by a hash of the whole
row: each row's own up to ``LIMIT`` rows, beyond that one sum for each of ``BUCKETS`` groups of hashes, where
a group with another sum is loaded again, which does no harm.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ingestion.batch import order_of

LIMIT = 10_000  # hashes of 16 characters in dlt's state, which is written with each package
BUCKETS = 1_024
DEPTH = 2_000
Row = Mapping[str, Any]


class Edge:
    """Recognises rows that an earlier load has seen, and moves the cursor.

    ``ceiling`` is the time up to which everything has been committed, or ``None`` for sequence numbers.
    State: ``cursor`` (microseconds, or the sequence number), ``upto``, the highest value seen, and the rows
    from ``cursor`` to ``upto`` or without a usable value: their hashes in ``edge``, or ``sums`` of them.
    """

    def __init__(
        self, state: Mapping[str, Any], ceiling: datetime | None, to_bytes: Callable[[Row], bytes]
    ) -> None:
        self._ceiling = None if ceiling is None else int(ceiling.timestamp() * 1_000_000)
        self._step = 1 if ceiling is None else 1_000_000  # databases compare times by the second
        self._to_bytes = to_bytes
        self._start: int | None = state.get("cursor")
        self._cursor = self._start
        self._upto: int | None = state.get("upto")
        self._known = set(state.get("edge", []))
        self._known_sums: Sequence[int] | None = state.get("sums")
        self._highest: list[int] = []
        self._edge: list[tuple[int | None, int]] = []
        self._undecided: list[tuple[int, dict[str, Any]]] = []

    def unseen(self, rows: list[dict[str, Any]], cursor: str) -> list[dict[str, Any]]:
        """The rows that earlier loads have not seen; notes how far the cursor has come."""
        values = [self._usable(order_of(row[cursor])) for row in rows]
        self._advance([value for value in values if value is not None])
        fresh = []
        for row, value in zip(rows, values, strict=True):
            is_above, may_be_known = self._is_above(value), self._may_be_known(value)
            if not is_above and not may_be_known:
                fresh.append(row)
                continue
            digest = int.from_bytes(hashlib.blake2b(self._to_bytes(row), digest_size=8).digest())
            if is_above:
                self._edge.append((value, digest))
            if may_be_known and self._known_sums is not None:
                self._undecided.append((digest, row))
            elif f"{digest:016x}" not in self._known:
                fresh.append(row)
        return fresh

    def rest(self) -> list[dict[str, Any]]:
        """After the last row: those that could not be told from seen ones without knowing all of them."""
        known = self._known_sums or []
        sums = _sums(digest for digest, _ in self._undecided)
        return [row for digest, row in self._undecided if sums[digest % BUCKETS] != known[digest % BUCKETS]]

    def remember(self, state: dict[str, Any]) -> None:
        """Write cursor and edge into the state of the load package."""
        state["cursor"] = self._cursor
        state["upto"] = max((value for value, _ in self._edge if value is not None), default=None)
        is_small = len(self._edge) <= LIMIT
        state["edge"] = sorted(f"{digest:016x}" for _, digest in self._edge) if is_small else []
        state["sums"] = None if is_small else _sums(digest for _, digest in self._edge)

    def _usable(self, value: int | None) -> int | None:
        """``None`` also for a row that the database gave although it is below the cursor: it always will."""
        is_below = (
            value is not None and self._start is not None and value // self._step < self._start // self._step
        )
        return None if is_below else value

    def _advance(self, values: list[int]) -> None:
        if self._ceiling is None:
            self._highest = sorted(self._highest + values)[-DEPTH:]
            reached = self._highest[0] if len(self._highest) == DEPTH else None
        else:
            reached = max((value for value in values if value <= self._ceiling), default=None)
        if reached is not None and (self._cursor is None or reached > self._cursor):
            self._cursor = reached
            self._edge = [pair for pair in self._edge if self._is_above(pair[0])]

    def _is_above(self, value: int | None) -> bool:
        return value is None or self._cursor is None or value // self._step >= self._cursor // self._step

    def _may_be_known(self, value: int | None) -> bool:
        if not self._known and self._known_sums is None:
            return False
        return value is None or (self._upto is not None and value <= self._upto)


def _sums(digests: Iterable[int]) -> list[int]:
    sums = [0] * BUCKETS
    for digest in digests:
        sums[digest % BUCKETS] = (sums[digest % BUCKETS] + digest) % 2**63
    return sums
