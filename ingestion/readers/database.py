"""Tables of any database that SQLAlchemy speaks to, read incrementally by their change column.

The cursor is kept here (``edge``) instead of in dlt's Incremental for four reasons, each of which loses rows
there: a row with a broken change column would move the cursor past everything ("zzz" is greater than every
time), a changed row with the same cursor value and key as before would be taken for a repeat, one row dated
9999 would end the feed, and a transaction that commits late would come below the cursor.
"""

import json
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dlt.sources.sql_database import TableLoader

from ingestion.batch import Chunk, Entity, Refused
from ingestion.contracts import Reason
from ingestion.readers.base import Parsed, SourceError
from ingestion.readers.edge import Edge
from ingestion.readers.values import JSON_TYPES, plain_value

CHUNK_ROWS = 20_000


def open_engine(url: str) -> sa.Engine:
    """An engine for ``url`` that never creates a database and that hands texts over whatever their encoding.

    Raises :class:`SourceError` (without the URL) where it is none or names a SQLite file that is not there.
    """
    try:
        parsed = sa.make_url(url)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    except (sa.exc.ArgumentError, ImportError, ValueError) as problem:
        # without the URL and without SQLAlchemy's sentence on it: both hold the password
        missing = f" ({problem.name} is not installed)" if isinstance(problem, ImportError) else ""
        raise SourceError(
            f"this is not a database URL that can be used{missing}; "
            "write it as postgresql+psycopg://user@host/database or sqlite:///file"
        ) from problem
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "")
        if not file.is_file():  # SQLite would create an empty database without a word
            raise SourceError(f"the file {file} does not exist; correct the URL or bring the file back")
        tolerant = partial(str, encoding="utf-8", errors="surrogateescape")

        @sa.event.listens_for(engine, "connect")
        def _read_any_encoding(connection: sqlite3.Connection, _: object) -> None:
            connection.text_factory = tolerant

    return engine


class RowLoader(TableLoader):
    """dlt's table loader, yielding column names and row tuples: dictionaries are made once, later."""

    def _convert_result(self, result: Any, backend_kwargs: dict[str, Any]) -> Iterator[Any]:
        names = [str(name) for name in result.keys()]  # noqa: SIM118  (not a dict)
        for partition in result.partitions(size=self.chunk_size):
            yield names, [tuple(row) for row in partition]


def utc_now() -> datetime:
    """The clock of a load."""
    return datetime.now(UTC)


class DatabaseReader:
    """Reads one table. ``zone`` says how naive times are meant where the contract wants an offset.

    ``lag`` is how long a transaction of the source may take: the cursor stays that far behind ``clock``.
    """

    is_authority = True

    def __init__(
        self,
        engine: sa.Engine,
        entity: Entity,
        zone: str,
        lag: timedelta,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.engine, self.entity, self.zone = engine, entity, ZoneInfo(zone)
        self.lag, self.clock = lag, clock
        self.notes: list[str] = []
        self.more = False
        properties = entity.contract_of({}).schema["properties"]  # type: ignore[union-attr]
        self._with_offset = {name for name, prop in properties.items() if prop.get("format") == "date-time"}

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """Yield rows whose cursor is at or after the stored one, rows without a usable cursor included."""
        table = self._reflect()
        query = self._since(state.get("cursor"), table)
        cursor = self.entity.cursor
        # the clock is read before the rows: what commits while they are read is above the ceiling
        edge = Edge(state, self.clock() - self.lag if self._is_time else None, _json)
        for given in self._read(table, query):
            rows = edge.unseen(given, cursor) if cursor else given
            if rows:
                yield self._chunk(rows)
        if cursor:
            rest = edge.rest()
            for start in range(0, len(rest), CHUNK_ROWS):
                yield self._chunk(rest[start : start + CHUNK_ROWS])
            edge.remember(state)

    def read_keys(self) -> Iterator[list[dict[str, Any]]]:
        """The keys of all rows that there are, as the raw table writes them."""
        table = self._reflect()
        raw = sa.types.NullType()
        columns = (sa.type_coerce(table.columns[name], raw).label(name) for name in self.entity.primary_key)
        yield from self._read(table, sa.select(*columns))

    def _chunk(self, rows: list[dict[str, Any]]) -> Chunk:
        return Chunk(rows, partial(self._position, rows), partial(_original, rows))

    def _read(self, table: sa.Table, query: Any) -> Iterator[list[dict[str, Any]]]:
        loader = RowLoader(
            self.engine,
            "sqlalchemy",
            table,
            {},
            chunk_size=CHUNK_ROWS,
            query_adapter_callback=lambda *_: query,
        )
        for names, tuples in loader.load_rows():
            yield self._rows(names, tuples)

    @property
    def _is_time(self) -> bool:
        return self.entity.cursor in self._with_offset

    def _reflect(self) -> sa.Table:
        try:
            table = sa.Table(self.entity.name, sa.MetaData(), autoload_with=self.engine, resolve_fks=False)
        except sa.exc.NoSuchTableError as problem:
            raise SourceError(
                f"the table {self.entity.name} does not exist; create it (it may be empty) or correct the URL"
            ) from problem
        required = self.entity.contract_of({}).schema["required"]  # type: ignore[union-attr]
        missing = [name for name in required if name not in table.columns]
        if missing:
            raise SourceError(
                f"the table {self.entity.name} misses {', '.join(missing)}; its contract requires them"
            )
        optional = [name for name in self.entity.columns if name not in table.columns]
        if optional:
            self.notes.append(f"{self.entity.name} has no column {', '.join(optional)}: loaded as null")
        return table

    def _since(self, last: int | None, table: sa.Table) -> Any:
        """All columns as the driver gives them; with a cursor, only what is at or after it or has none."""
        raw = sa.types.NullType()
        query = sa.select(*(sa.type_coerce(column, raw).label(column.name) for column in table.columns))
        if last is None or self.entity.cursor is None:
            return query
        column = table.columns[self.entity.cursor]
        plain = sa.type_coerce(column, raw)
        if self.engine.dialect.name == "sqlite":
            # SQLite keeps any type in any column: times are compared as times, and what is none is read again
            value = sa.func.unixepoch(plain) if self._is_time else plain
            wanted = "text" if self._is_time else "integer"
            bound = last // 1_000_000 if self._is_time else last
            return query.where(sa.or_(value >= bound, value.is_(None), sa.func.typeof(plain) != wanted))
        bound_value: Any = last
        if self._is_time:
            bound_value = datetime.fromtimestamp(last // 1_000_000, UTC)
            if isinstance(column.type, sa.types.String):
                bound_value = bound_value.strftime("%Y-%m-%dT%H:%M:%S")
            elif not getattr(column.type, "timezone", True):
                bound_value = bound_value.astimezone(self.zone).replace(tzinfo=None)
        return query.where(sa.or_(plain >= sa.bindparam(None, bound_value, raw), column.is_(None)))

    def _rows(self, names: Sequence[str], tuples: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Rows as dictionaries of values that JSON knows, so that every engine gives the same raw table."""
        columns = [
            self._plain(name, column) for name, column in zip(names, zip(*tuples, strict=True), strict=True)
        ]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def _plain(self, name: str, column: Sequence[Any]) -> Sequence[Any]:
        types = set(map(type, column)) - JSON_TYPES
        if not types or (types == {float} and all(map(math.isfinite, filter(_is_float, column)))):
            return column
        kind, with_offset = self.entity.columns.get(name), name in self._with_offset
        return [plain_value(value, kind, self.zone, with_offset) for value in column]

    def _position(self, rows: Sequence[Mapping[str, Any]], index: int) -> str:
        key = "/".join(str(rows[index].get(name)) for name in self.entity.primary_key)
        return f"{self.entity.name}:{key}"


def parse_row(original: bytes, position: str) -> Parsed:
    """The row that was kept as JSON."""
    try:
        return dict(json.loads(original.decode("utf-8", "surrogateescape")))
    except (ValueError, TypeError) as problem:
        return Refused(position, original, Reason("json", "", f"the kept row cannot be read: {problem}"))


def _is_float(value: Any) -> bool:
    return type(value) is float


def _json(row: Mapping[str, Any]) -> bytes:
    """The row as JSON; bytes that were no UTF-8 come out as the bytes they were."""
    return json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogateescape")


def _original(rows: Sequence[Mapping[str, Any]], index: int) -> bytes:
    return _json(rows[index])
