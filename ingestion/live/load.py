"""Segments into ``raw_app``: events, refused rows, counts and the ledger of segments in one transaction.

Either all of a call is in the warehouse or nothing of it, whenever the process dies. A segment that is in
the ledger is not read again; an event that came before (in another segment, or through a file) counts as
repeated.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.batch import Batch, column_name, entity
from ingestion.collector.segments import is_content_of
from ingestion.live.seen import SeenIds
from ingestion.live.waiting import Waiting
from ingestion.readers.jsonl import parse_block
from ingestion.warehouse import RawSchema

ENTITY = "event"
LEDGER = """
    create table if not exists raw_app.segment (
        name varchar, lane varchar, size_bytes bigint, read_cnt bigint, is_intact boolean, load_id varchar,
        loaded_at timestamp with time zone, archived_in varchar
    )
"""
_NONE = np.zeros(0, dtype=np.int64)
# A segment that is not what was sealed may be one that is being copied: it is left alone until its last write
# is so many seconds old.
SETTLE_SECONDS = 60.0
AUDIT_HOURS = "live-%Y%m%dT%H"


@dataclass(frozen=True)
class LaneCount:
    """Rows of one lane in one load: ``read == loaded + rejected + repeated``."""

    lane: str
    segments: int
    read: int
    loaded: int
    rejected: int
    repeated: int


@dataclass(frozen=True)
class Loaded:
    """What one call brought. ``received_us``: when the collector took each loaded event (µs since 1970).
    ``unsettled`` names segments that were left alone because somebody may still be writing them.
    """

    load_id: str
    lanes: tuple[LaneCount, ...]
    segments: tuple[str, ...]
    received_us: npt.NDArray[np.int64]
    notes: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Events that are new in the warehouse."""
        return sum(one.loaded for one in self.lanes)


@dataclass
class LiveLoader:
    """Loads segments over one open connection. Raises ``duckdb.Error`` where the warehouse refuses; nothing
    of that call is kept then.
    """

    connection: duckdb.DuckDBPyConnection
    seen: SeenIds = field(init=False)

    def __post_init__(self) -> None:
        self.raw = RawSchema(self.connection, "app")
        self.entity = entity("app", ENTITY)
        self.connection.execute(LEDGER)
        self.forget()

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Go on over another connection to the same warehouse. What was loaded meanwhile by another way has
        to be told (`forget`).
        """
        self.connection = connection
        self.raw = RawSchema(connection, "app")
        if self._is_stale:
            self.forget()
        else:
            self.seen.attach(connection)

    def outdate(self) -> None:
        """Somebody else loads meanwhile: with the next `attach` the ids are read anew."""
        self._is_stale = True

    def forget(self) -> None:
        """Read anew which ids there are: somebody else has loaded meanwhile."""
        self.seen = SeenIds(self.connection, f"raw_app.{ENTITY}", column_name(self.entity.primary_key[0]))
        self._is_stale = False

    def known(self, segments: Sequence[Waiting]) -> set[str]:
        """Names of those segments that the ledger holds whole: loaded before, or copies of such. One that
        was damaged may come again.
        """
        rows = self.connection.execute(
            "select name from raw_app.segment where is_intact and list_contains(?, name)",
            [[one.name for one in segments]],
        ).fetchall()
        return {str(row[0]) for row in rows}

    def load(self, segments: Sequence[Waiting]) -> Loaded:
        """Load those of the segments that are not in the ledger, lane by lane in their order."""
        known = self.known(segments)
        self.connection.execute("begin")
        try:
            loaded = self._load([one for one in segments if one.name not in known])
            self.connection.execute("commit")
        except BaseException:
            self._is_stale = True  # it has ids of rows that are taken back
            with suppress(duckdb.Error):  # a connection that is broken took them back itself
                self.connection.execute("rollback")
                self.forget()
            raise
        return loaded

    def _load(self, segments: Sequence[Waiting]) -> Loaded:
        now = datetime.now(UTC)
        load_id = self._next_load_id(now)
        lanes: list[LaneCount] = []
        received: list[npt.NDArray[np.int64]] = []
        notes: list[str] = []
        unsettled: list[str] = []
        for lane in dict.fromkeys(one.lane for one in segments):
            batch = Batch(self.entity)
            read: dict[Waiting, tuple[int, bool]] = {}
            for one in segments:
                if one.lane != lane:
                    continue
                if found := _read(batch, one, notes):
                    read[one] = found
                else:
                    unsettled.append(one.name)
            if not read:
                continue
            received.append(self._insert(batch, load_id))
            lanes.append(
                LaneCount(lane, len(read), batch.read, len(received[-1]), batch.rejected, batch.repeated)
            )
            self.connection.executemany(
                "insert into raw_app.segment values (?, ?, ?, ?, ?, ?, ?, null)",
                [
                    [one.name, lane, one.size, lines, is_intact, load_id, now]
                    for one, (lines, is_intact) in read.items()
                ],
            )
        if lanes:
            self._count(lanes, load_id, now)
        names = tuple(one.name for one in segments if one.name not in unsettled)
        taken = np.concatenate([_NONE, *received])
        return Loaded(load_id, tuple(lanes), names, taken, tuple(notes), tuple(unsettled))

    def _next_load_id(self, now: datetime) -> str:
        """In dlt's form (seconds since 1970 as text), and above every id before it whatever the clock is."""
        found = self.connection.execute("select max(_dlt_load_id) from raw_app.load_audit").fetchone()
        last = Decimal(found[0]) if found and found[0] else Decimal(0)
        return f"{max(Decimal(repr(now.timestamp())), last + Decimal('0.000001')):.7f}"

    def _insert(self, batch: Batch, load_id: str) -> npt.NDArray[np.int64]:
        """Write a batch's events and refused rows; answers with when each event was received (µs)."""
        key = self.entity.primary_key[0]
        look_up = self.raw.superseded(self.entity)
        tables = list(batch.tables(self.seen.superseded(key, look_up) if look_up else None))
        for refused in batch.refused:
            self._append("rejected_row", self.raw.unknown_rejects(refused), load_id)
        rows = pa.concat_tables(tables, promote_options="permissive") if tables else None
        if rows is None or rows.num_rows == 0:
            return _NONE
        self.seen.add(self.seen.hashes(rows.column(key)))
        rows = rows.rename_columns([column_name(name) for name in rows.column_names])
        new = {column_name(name) for name in batch.new_columns} - self.raw.columns(ENTITY)
        for name in sorted(new):
            self.connection.execute(f'alter table raw_app.{ENTITY} add column "{name}" varchar')
        self._append(ENTITY, rows, load_id)
        return self._received(rows)

    def _received(self, rows: pa.Table) -> npt.NDArray[np.int64]:
        taken = pc.cast(pc.coalesce(rows.column("received_at"), rows.column("timestamp")), pa.string())
        self.connection.register("taken", pa.table({"received_at": taken}))
        found = self.connection.execute(
            "select coalesce(epoch_us(try_cast(received_at as timestamptz)), epoch_us(now())) as us "
            "from taken"
        ).fetchnumpy()
        self.connection.unregister("taken")
        return np.asarray(found["us"], dtype=np.int64)

    def _append(self, table: str, rows: pa.Table, load_id: str) -> None:
        self.connection.register("rows", rows)
        self.connection.execute(
            f"insert into raw_app.{table} by name select *, ? as _dlt_load_id from rows", [load_id]
        )
        self.connection.unregister("rows")

    def _count(self, lanes: Sequence[LaneCount], load_id: str, now: datetime) -> None:
        """One line of the audit for each hour: a line for each pass would be a hundred thousand a day."""
        run_id = f"{now:{AUDIT_HOURS}}"
        total = {
            name: sum(getattr(one, name) for one in lanes)
            for name in ("read", "loaded", "rejected", "repeated")
        }
        balanced = total["read"] == total["loaded"] + total["rejected"] + total["repeated"]
        values = {**total, "run": run_id, "load": load_id, "now": now, "balanced": balanced}
        changed = self.connection.execute(
            """update raw_app.load_audit set read_cnt = read_cnt + $read, loaded_cnt = loaded_cnt + $loaded,
                rejected_cnt = rejected_cnt + $rejected, repeated_cnt = repeated_cnt + $repeated,
                is_balanced = is_balanced and $balanced, finished_at = $now, _dlt_load_id = $load
            where run_id = $run""",
            values,
        ).fetchone()
        if changed and changed[0]:
            return
        self.connection.execute(
            f"""insert into raw_app.load_audit by name select $run as run_id, 'app' as source,
                '{ENTITY}' as entity, $now as started_at, $now as finished_at, $read::bigint as read_cnt,
                $loaded::bigint as loaded_cnt, $rejected::bigint as rejected_cnt,
                $repeated::bigint as repeated_cnt, $balanced as is_balanced, $load as _dlt_load_id""",
            values,
        )


def _read(batch: Batch, segment: Waiting, notes: list[str]) -> tuple[int, bool] | None:
    """Check one segment's lines into the batch; how many there are, and is it what was sealed? None where
    somebody may still be writing it.
    """
    content = segment.path.read_bytes()
    is_intact = is_content_of(segment.name, content)
    if not is_intact and time.time() - segment.sealed_at < SETTLE_SECONDS:
        return None
    if not is_intact:
        notes.append(
            f"{segment.position} is not what the collector sealed (its checksum differs): what is left of it "
            "was loaded; bring back the whole file"
        )
    before = batch.read
    batch.add(parse_block(segment.position, content))
    return batch.read - before, is_intact
