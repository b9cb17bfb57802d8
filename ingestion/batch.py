"""One batch of one entity: rows go in as the source gave them, Arrow tables that keep the contract come out.

Belongs here: checking, deduplication inside the batch, the Arrow form. Does not belong here: reading sources,
the destination. Shapes: a chunk holds some ten thousand rows; a batch holds all chunks of one load package.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from dlt.common.json import json as dlt_json
from dlt.common.normalizers.naming.snake_case import NamingConvention

from ingestion.contracts import (
    Contract,
    Kind,
    Reason,
    encoding_refusal,
    event_contract,
    load_contracts,
    load_versions,
    safe_name,
)

ARROW_TYPES = {"integer": pa.int64(), "number": pa.float64(), "text": pa.string(), "json": pa.string()}
MAX_NEW_COLUMNS = 100  # a sender that invents a column for each row must not make a million of them
RESERVED = "_dlt"  # dlt's own columns, which it adds to each raw table

REJECTED = pa.schema(
    [
        ("rejected_id", pa.string()),
        ("source", pa.string()),
        ("entity", pa.string()),
        ("schema_version", pa.string()),
        ("reason_code", pa.string()),
        ("reason", pa.string()),
        ("path", pa.string()),
        ("position", pa.string()),
        ("original", pa.binary()),
        ("rejected_at", pa.timestamp("us", tz="UTC")),
        ("attempts", pa.int64()),
        ("status", pa.string()),
        ("replayed_at", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was refused: where it stood, its bytes as they were, and why."""

    position: str
    original: bytes
    reason: Reason
    version: str = ""


@dataclass(slots=True)
class Chunk:
    """Some rows of one entity in reading order; ``position`` and ``original`` are for refused rows."""

    rows: list[dict[str, Any]]
    position: Callable[[int], str]
    original: Callable[[int], bytes]
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Entity:
    """One raw table: its columns, key and cursor, and which contract a row has to keep."""

    source: str
    name: str
    primary_key: tuple[str, ...]
    cursor: str | None
    columns: Mapping[str, Kind]
    contract_of: Callable[[Mapping[str, Any]], Contract | Reason]
    keeps_first: bool = False  # events: the same id again is a repeat, never a correction


@cache
def entity(source: str, name: str) -> Entity:
    """The raw table ``raw_<source>.<name>`` as the contracts describe it."""
    contracts = load_contracts(source)
    if source != "app":
        contract = contracts[name]
        return Entity(
            source, name, contract.primary_key, contract.cursor, contract.columns, lambda _: contract
        )
    # Of all versions, since an event may keep an older one; a column is stored as its newest contract says.
    everything = [contract for versions in load_versions(source).values() for contract in versions.values()]
    columns = {column: kind for contract in everything for column, kind in contract.columns.items()}
    columns |= {column: kind for contract in contracts.values() for column, kind in contract.columns.items()}
    return Entity(source, name, ("messageId",), None, columns, event_contract, keeps_first=True)


def instant(value: Any) -> int | None:
    """Microseconds since 1970 of an RFC 3339 text, or ``None`` where it is none."""
    if not isinstance(value, str) or len(value) < 20:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:  # a leap second, which RFC 3339 allows and datetime does not
            moment = datetime.fromisoformat(value.upper().replace(":60", ":59"))
        except ValueError:
            return None
    return int(moment.timestamp() * 1_000_000) if moment.tzinfo else None


def order_of(value: Any) -> int | None:
    """A cursor value as a number that rises with it: a sequence number itself, a time in microseconds."""
    return value if isinstance(value, int) and not isinstance(value, bool) else instant(value)


def rejected_table(source: str, name: str, refused: Iterable[Refused]) -> pa.Table:
    """Refused rows in the shape of ``rejected_row``; one row for each id."""
    now = datetime.now(UTC)
    rows = {}
    for row in refused:
        position = row.position.encode("utf-8", "replace").decode()
        rejected_id = hashlib.sha256(f"{source}|{name}|{position}|".encode() + row.original).hexdigest()
        rows[rejected_id] = {
            "rejected_id": rejected_id,
            "source": source,
            "entity": name,
            "schema_version": row.version,
            "reason_code": row.reason.code,
            "reason": row.reason.sentence.encode("utf-8", "replace").decode(),
            "path": row.reason.path.encode("utf-8", "replace").decode(),
            "position": position,
            "original": row.original,
            "rejected_at": now,
            "attempts": 0,
            "status": "open",
            "replayed_at": None,
        }
    return pa.Table.from_pylist(list(rows.values()), REJECTED)


class Batch:
    """Checks chunks, keeps what is good. ``read == kept + rejected + repeated`` after :meth:`tables`."""

    def __init__(self, table: Entity) -> None:
        self.entity = table
        self.read = self.rejected = self.repeated = 0
        self.refused: list[pa.Table] = []
        self.new_columns: set[str] = set()
        self._tables: list[pa.Table] = []
        self._hashes: list[np.ndarray] = []
        self._names = {column_name(name): name for name in table.columns}

    def add(self, chunk: Chunk) -> None:
        """Check one chunk: good rows become Arrow, the others become rejected rows."""
        good: list[int] = []
        refused = list(chunk.refused)

        def refuse(index: int, reason: Reason) -> None:
            contract = contract_of(chunk.rows[index])
            version = "" if isinstance(contract, Reason) else contract.version
            refused.append(Refused(chunk.position(index), chunk.original(index), reason, version))

        contract_of, columns = self.entity.contract_of, self.entity.columns
        for index, row in enumerate(chunk.rows):
            contract = contract_of(row)
            if isinstance(contract, Reason):
                reason: Reason | None = contract
            elif contract.accepts(row):
                reason = None if row.keys() <= columns.keys() else self._new_columns(row)
            else:
                reason = contract.refusal(row)
            if reason is None:
                good.append(index)
            else:
                refuse(index, reason)
        try:
            self._keep([chunk.rows[index] for index in good])
        except (UnicodeEncodeError, TypeError):  # a text that no column can hold: find the rows that have one
            flawed = {index: flaw for index in good if (flaw := encoding_refusal(chunk.rows[index]))}
            if not flawed:
                raise
            for index, flaw in flawed.items():
                refuse(index, flaw)
            self._keep([chunk.rows[index] for index in good if index not in flawed])
        self.read += len(chunk.rows) + len(chunk.refused)
        if refused:
            self.rejected += len(refused)
            self.refused.append(rejected_table(self.entity.source, self.entity.name, refused))

    def _new_columns(self, row: Mapping[str, Any]) -> Reason | None:
        """Take columns that the contract does not know, unless no table could hold them."""
        for name in row.keys() - self.entity.columns.keys() - self.new_columns:
            normal, path = column_name(name), f"/{safe_name(name)}"
            if not normal or len(normal) > 100 or normal.startswith(RESERVED):
                return Reason("column_name", path, f"{path}: a column of this name cannot be made")
            if self._names.get(normal, name) != name:
                return Reason("column_name", path, f"{path}: a column of this name already exists")
            if len(self.new_columns) >= MAX_NEW_COLUMNS:
                return Reason("column_name", path, f"{path}: more than {MAX_NEW_COLUMNS} new columns")
            self._names[normal] = name
            self.new_columns.add(name)
        return None

    def _keep(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        names = [*self.entity.columns, *sorted(self.new_columns)]
        arrays = [_column([row.get(name) for row in rows], self.entity.columns.get(name)) for name in names]
        self._tables.append(pa.table(arrays, names))
        key = self.entity.primary_key
        keys: Iterable[Any] = (
            (row[key[0]] for row in rows) if len(key) == 1 else (tuple(row[k] for k in key) for row in rows)
        )
        self._hashes.append(np.fromiter(map(hash, keys), np.int64, len(rows)))

    def tables(self, superseded: Callable[[pa.Table], np.ndarray] | None = None) -> Iterator[pa.Table]:
        """The rows to load, each key once; the rest is counted as repeated.

        ``superseded`` gets key and cursor columns of the rows in hand (with their number, ``row_no``) and
        answers with the numbers of those of which the destination already holds the same or a newer version.
        """
        total = sum(table.num_rows for table in self._tables)
        drop = np.zeros(total, dtype=bool)
        if total:
            drop[self._losers()] = True
            if superseded is not None:
                drop[superseded(self._keys().filter(pa.array(~drop)))] = True
        self.repeated = int(drop.sum())
        start = 0
        for table in self._tables:
            dropped = drop[start : start + table.num_rows]
            start += table.num_rows
            yield table.filter(pa.array(~dropped)) if dropped.any() else table
        self._tables, self._hashes = [], []

    def _keys(self) -> pa.Table:
        wanted = [*self.entity.primary_key, *([self.entity.cursor] if self.entity.cursor else [])]
        keys = pa.concat_tables([table.select(wanted) for table in self._tables])
        return keys.append_column("row_no", pa.array(np.arange(keys.num_rows)))

    def _losers(self) -> list[int]:
        """Row numbers of those rows that another row of the batch with the same key replaces."""
        hashes = np.concatenate(self._hashes)
        order = np.argsort(hashes, kind="stable")
        same = hashes[order][1:] == hashes[order][:-1]
        if not same.any():
            return []
        candidates = np.unique(np.concatenate([order[1:][same], order[:-1][same]]))
        best: dict[tuple[Any, ...], tuple[Any, int]] = {}
        losers = []
        sign = -1 if self.entity.keeps_first else 1
        for row in self._keys().take(pa.array(candidates)).to_pylist():
            number = row["row_no"]
            key = tuple(row[name] for name in self.entity.primary_key)
            value = order_of(row[self.entity.cursor]) if self.entity.cursor else None
            rank = (-math.inf if value is None else value, sign * number)  # a time that is none is the oldest
            rival = best.get(key)
            if rival is None or rank > rival[0]:
                best[key] = (rank, number)
                losers += [rival[1]] if rival else []
            else:
                losers.append(number)
        return losers


@cache
def column_name(name: str) -> str:
    """The name that the column gets in the raw table (messageId becomes message_id)."""
    return NamingConvention().normalize_identifier(name) if name.strip() else ""


def _column(values: list[Any], kind: Kind | None) -> pa.Array:
    """One Arrow column. Columns outside the contract are text: nobody has declared their type."""
    if kind == "json" or kind is None:
        values = [value if value is None else _text(value, kind) for value in values]
    arrow = ARROW_TYPES[kind or "text"]
    try:
        return pa.array(values, arrow)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):  # 3.0 as integer, 2**60 as number
        cast = {"integer": int, "number": float}.get(kind or "", str)
        return pa.array([value if value is None else cast(value) for value in values], arrow)


def _text(value: Any, kind: Kind | None) -> str:
    if kind is None and isinstance(value, str):
        return value
    return dlt_json.dumps(value)
