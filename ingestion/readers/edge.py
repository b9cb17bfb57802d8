"""The rows at the cursor's value: every load reads them again, and has to know which it has seen.

Databases give whole seconds and bulk updates many equal values, so "greater than the cursor" loses rows that
come late with an equal value. "At or after" loses none, and what was seen before is recognised by a hash of
the whole row: each row's own up to ``LIMIT`` rows, beyond that one sum over all of them (an equal sum means
that nothing changed; otherwise all are merged again, which does no harm).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingestion.batch import order_of

LIMIT = 2_000  # hashes of 16 characters in dlt's state, which is written with each package
CLOCK_SKEW = timedelta(days=1)
Row = Mapping[str, Any]


@dataclass
class _Group:
    """Rows in any order: how many, the sum of their hashes, and the hashes while they are few."""

    count: int = 0
    total: int = 0
    hashes: list[str] = field(default_factory=list)

    def add(self, digest: bytes) -> None:
        self.count += 1
        self.total = (self.total + int.from_bytes(digest)) % 2**64
        if self.count <= LIMIT + 1:
            self.hashes.append(digest.hex())


class Edge:
    """Recognises rows that an earlier load has seen, and moves the cursor.

    State: ``cursor``, the highest value so far (microseconds, or the sequence number), and ``edge``, the
    hashes of the rows at it or ``[count, sum]``. Rows without a usable cursor, or dated in the future, always
    count to the edge and never move it.
    """

    def __init__(self, state: Mapping[str, Any], is_time: bool, to_bytes: Callable[[Row], bytes]) -> None:
        self._step = 1_000_000 if is_time else 1  # databases compare times by the second
        self._cap = int((datetime.now(UTC) + CLOCK_SKEW).timestamp() * 1_000_000) if is_time else None
        self._to_bytes = to_bytes
        self._start: int | None = state.get("cursor")
        self._highest = self._start
        known = state.get("edge", [])
        self.is_large = bool(known) and isinstance(known[0], int)
        self._sum = known if self.is_large else None
        self._known = set() if self.is_large else set(known)
        self._is_unchanged = False
        self._top, self._others = _Group(), _Group()

    def compare(self, chunks: Iterable[Sequence[Row]], cursor: str) -> None:
        """Read the old edge once before the load, where it is too large for hashes of each row."""
        group = _Group()
        for rows in chunks:
            for row in rows:
                if self._is_old(order_of(row.get(cursor))):
                    group.add(self._digest(row))
        self._is_unchanged = [group.count, group.total] == self._sum

    def unseen(self, rows: list[dict[str, Any]], cursor: str) -> list[dict[str, Any]]:
        """The rows that earlier loads have not seen; notes how far the cursor has come."""
        values = [order_of(row[cursor]) for row in rows]
        usable = [value for value in values if value is not None and not self._is_future(value)]
        if usable and (self._highest is None or max(usable) > self._highest):
            if self._highest is None or max(usable) // self._step > self._highest // self._step:
                self._top = _Group()
            self._highest = max(usable)
        fresh = []
        for row, value in zip(rows, values, strict=True):
            is_old = self._is_old(value)
            if not is_old and not self._is_edge(value):
                fresh.append(row)
                continue
            digest = self._digest(row)
            if value is None or self._is_future(value):
                self._others.add(digest)
            elif self._is_edge(value):
                self._top.add(digest)
            if not (digest.hex() in self._known or (is_old and self._is_unchanged)):
                fresh.append(row)
        return fresh

    def remember(self, state: dict[str, Any]) -> None:
        """Write cursor and edge into the state of the load package."""
        state["cursor"] = self._highest
        count = self._top.count + self._others.count
        if count <= LIMIT:
            state["edge"] = sorted(self._top.hashes + self._others.hashes)
        else:
            state["edge"] = [count, (self._top.total + self._others.total) % 2**64]

    def _is_old(self, value: int | None) -> bool:
        """True for rows that the last load had at its edge or without a usable cursor, if it had them."""
        if self._start is None:
            return False
        return value is None or self._is_future(value) or value // self._step <= self._start // self._step

    def _is_edge(self, value: int | None) -> bool:
        if value is None or self._is_future(value) or self._highest is None:
            return True
        return value // self._step >= self._highest // self._step

    def _is_future(self, value: int) -> bool:
        return self._cap is not None and value > self._cap

    def _digest(self, row: Row) -> bytes:
        return hashlib.blake2b(self._to_bytes(row), digest_size=8).digest()
