"""The truth: who is who, what happened, which dealer is weak where. Only tests and benchmarks read it."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.demo.base import text
from ingestion.demo.base.clock import dates, local_day, timestamps
from ingestion.demo.simulation.dealers import STEPS, Dealers
from ingestion.demo.simulation.people import People
from ingestion.demo.simulation.vehicles import SERIES
from ingestion.demo.systems.bad_rows import Entity, schema_of

EVENT = pa.schema(
    [
        ("process", pa.string()),
        ("record_key", pa.string()),
        ("person_id", pa.string()),
        ("dealer_id", pa.string()),
        ("series_code", pa.string()),
        ("channel", pa.string()),
        ("occurred_at", pa.timestamp("us", "UTC")),
        ("occurred_on", pa.date32()),
        ("amount", pa.float64()),
        ("is_counted", pa.bool_()),
        ("reason", pa.string()),
    ]
)
RECORD = pa.schema([(name, pa.string()) for name in ("source", "entity", "record_key", "person_id")])
BAD_ROW = pa.schema([(name, pa.string()) for name in ("source", "entity", "position", "why")])
# processes whose table is counted: a rejected row of the table appears in the truth as not counted
PROCESS = {
    ("crm", "lead"): "lead",
    ("crm", "card"): "card",
    ("crm", "appointment"): "appointment",
    ("crm", "visit"): "visit",
    ("crm", "test_drive"): "test_drive",
    ("crm", "quote"): "quote",
    ("crm", "sales_order"): "order",
    ("crm", "delivery"): "delivery",
    ("crm", "financing"): "financing",
    ("crm", "referral"): "referral",
    ("service", "appointment"): "service_appointment",
    ("service", "repair_order"): "service_visit",
    ("service", "warranty_claim"): "warranty_claim",
    ("service", "survey"): "survey",
    ("service", "recall_vehicle"): "recall",
    ("service", "complaint"): "complaint",
    ("crm", "connected_contract"): "connected_contract",
    ("crm", "dealer_expense"): "dealer_expense",
    ("marketing", "site_session"): "site_session",
}


class Truth:
    """Writer of the truth's Parquet files; rows stream out as they are told, so that 20 million events
    fit.
    """

    def __init__(self, folder: Path, people: People, dealers: Dealers) -> None:
        folder.mkdir(parents=True)
        self._folder, self._people, self._dealers = folder, people, dealers
        self._events = pq.ParquetWriter(folder / "event.parquet", EVENT, compression="zstd")
        self._records = pq.ParquetWriter(folder / "record_person.parquet", RECORD, compression="zstd")
        self._bad: list[tuple[str, str, str, str]] = []
        self.counts = {"event": 0, "record_person": 0, "bad_row": 0}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the files; the small ones only when all went well."""
        self._events.close()
        self._records.close()
        if error is None:
            self._finish()

    def records(self, source: str, entity: str, key: pa.Array, who: np.ndarray) -> None:
        """Tell whose records these are; `who` is -1 for a record that stands for nobody."""
        columns = [
            text.constant(source, len(key)),
            text.constant(entity, len(key)),
            key,
            self._people.person_id(who),
        ]
        self._records.write_table(pa.Table.from_arrays(columns, schema=RECORD))
        self.counts["record_person"] += len(key)

    def events(
        self,
        process: str,
        key: pa.Array,
        who: np.ndarray,
        at: np.ndarray,
        *,
        dealer: np.ndarray | None = None,
        series: np.ndarray | None = None,
        channel: pa.Array | None = None,
        amount: np.ndarray | None = None,
        reason: pa.Array | None = None,
    ) -> None:
        """Tell what happened; rows with a reason are not counted. Positions -1 and instants NONE become
        null.
        """
        size = len(key)
        nowhere = np.full(size, -1)
        why = text.constant(None, size) if reason is None else reason
        columns = [
            text.constant(process, size),
            key,
            self._people.person_id(who),
            text.pick(self._dealers.dealer_id, nowhere if dealer is None else dealer),
            text.pick([s.code for s in SERIES], nowhere if series is None else series),
            text.constant(None, size) if channel is None else channel,
            timestamps(at),
            dates(local_day(at)),
            pa.nulls(size, pa.float64()) if amount is None else pa.array(amount, pa.float64()),
            why.is_null(),
            why,
        ]
        self._events.write_table(pa.Table.from_arrays(columns, schema=EVENT))
        self.counts["event"] += size

    def bad_rows(self, entity: Entity) -> None:
        """Tell which rows of a table break its contract; the position of a table's row is its key."""
        names = schema_of(entity.source, entity.name)["x-primary-key"]
        keys = ["|".join(str(row[name]) for name in names) for row in entity.bad]
        self._bad += [
            (entity.source, entity.name, key, why) for key, why in zip(keys, entity.why, strict=True)
        ]
        self.counts["bad_row"] += len(keys)
        process = PROCESS.get((entity.source, entity.name))
        if process and keys:
            nobody = np.full(len(keys), -1)
            never = np.full(len(keys), np.iinfo(np.int64).min)
            self.events(process, pa.array(keys), nobody, never, reason=text.constant("rejected", len(keys)))

    def bad_lines(self, source: str, entity: str, positions: list[str], why: list[str]) -> None:
        """Tell which lines of a file break their contract."""
        self._bad += [
            (source, entity, position, reason) for position, reason in zip(positions, why, strict=True)
        ]
        self.counts["bad_row"] += len(positions)

    def _finish(self) -> None:
        columns = [pa.array([row[i] for row in self._bad], pa.string()) for i in range(len(BAD_ROW))]
        self._write("bad_row", pa.Table.from_arrays(columns, schema=BAD_ROW))
        self._write("person", self._person_table())
        self._write("dealer_effect", self._effect_table())

    def _write(self, name: str, table: pa.Table) -> None:
        pq.write_table(table, self._folder / f"{name}.parquet", compression="zstd")
        self.counts[name] = len(table)

    def _person_table(self) -> pa.Table:
        people = self._people
        who = np.arange(len(people))
        return pa.table(
            {
                "person_id": people.person_id(who),
                "household_id": text.keys("F", people.household + 1, 7),
                "is_company": pa.array(people.is_company),
                "given_name": people.given_name(who),
                "family_name": people.family_name(who),
                "organisation": people.organisation,
                "birth_date": dates(people.birth_day),
                "drives_for": people.person_id(people.company),
            }
        )

    def _effect_table(self) -> pa.Table:
        count = len(self._dealers)
        planted = self._dealers.planted.ravel()
        return pa.table(
            {
                "dealer_id": pa.array(np.repeat(self._dealers.dealer_id, len(STEPS)).tolist()),
                "step": pa.array(list(STEPS) * count),
                "multiplier": pa.array(self._dealers.multiplier.ravel()),
                "sound_rate": pa.array(self._dealers.sound_rate.ravel()),
                "planted": pa.array([value or None for value in planted.tolist()], pa.string()),
            }
        )
