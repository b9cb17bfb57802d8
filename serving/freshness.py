"""How old the numbers are, what was loaded, and what was rejected."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from serving.rows import rows
from serving.store import Snapshot


@dataclass(frozen=True)
class Freshness:
    """The state of the data behind a page. `as_of` is the last day that the CRM knows; None without
    leads.
    """

    version: int
    published_at: datetime
    as_of: date | None
    loaded_at: datetime | None
    rejected: int


@dataclass(frozen=True)
class DueLoad:
    """A source that is due every so many `hours`, and when anything of it was last loaded."""

    source: str
    hours: float
    last_loaded_at: datetime | None

    def is_late(self, moment: datetime) -> bool:
        """Whether a load is overdue; False for a source that was never loaded: it may not be configured."""
        return self.last_loaded_at is not None and moment - self.last_loaded_at > timedelta(hours=self.hours)


@dataclass(frozen=True)
class EntityLoad:
    """The last load of one entity of one source: read = loaded + rejected + repeated when it balances."""

    source: str
    entity: str
    last_loaded_at: datetime | None
    read_cnt: int | None
    loaded_cnt: int | None
    rejected_cnt: int | None
    repeated_cnt: int | None
    is_balanced: bool | None


@dataclass(frozen=True)
class RejectedReason:
    """Rejected rows that wait for a fix, of one source, entity and reason."""

    source: str
    entity: str
    reason_code: str
    example: str
    rejected: int
    last_rejected_at: datetime


def freshness(snapshot: Snapshot) -> Freshness:
    """When the data were published, which day they reach, and how many rows wait in the rejected store."""
    answer = snapshot.query(
        """
        SELECT (SELECT max(as_of_on) FROM serving.srv_as_of WHERE source = 'crm') AS as_of,
               (SELECT max(cohort_on) FROM serving.srv_dealer_funnel) AS last_cohort_on,
               (SELECT max(last_loaded_at) FROM serving.srv_source_freshness) AS loaded_at,
               (SELECT count(*) FROM serving.srv_rejected_row WHERE status = 'open') AS rejected
        """
    ).to_pylist()[0]
    return Freshness(
        version=snapshot.version,
        published_at=snapshot.meta.published_at,
        # Without a lead there is no funnel, whatever else the CRM recorded.
        as_of=answer["as_of"] if answer["last_cohort_on"] else None,
        loaded_at=answer["loaded_at"],
        rejected=answer["rejected"],
    )


def due_loads(snapshot: Snapshot) -> list[DueLoad]:
    """Every source whose indicators want to be fresh (`fresh_within` in the registry): the strictest wish."""
    return rows(
        snapshot,
        DueLoad,
        """
        WITH due AS (
            SELECT source, min(max_age_hours)::DOUBLE AS hours
              FROM indicators.indicator_gate WHERE kind = 'age' GROUP BY source
        )
        SELECT source, hours, max(last_loaded_at) AS last_loaded_at
          FROM due LEFT JOIN serving.srv_source_freshness USING (source) GROUP BY ALL ORDER BY source
        """,
    )


def entity_loads(snapshot: Snapshot) -> list[EntityLoad]:
    """The last load of each entity, by source and entity."""
    return rows(
        snapshot,
        EntityLoad,
        """
        SELECT source, entity, last_loaded_at, read_cnt, loaded_cnt, rejected_cnt, repeated_cnt, is_balanced
          FROM serving.srv_source_freshness ORDER BY source, entity
        """,
    )


def rejected_reasons(snapshot: Snapshot) -> list[RejectedReason]:
    """Open rejected rows by source, entity and reason, the most frequent first."""
    return rows(
        snapshot,
        RejectedReason,
        """
        SELECT source, entity, reason_code, min(reason) AS example, count(*) AS rejected,
               max(rejected_at) AS last_rejected_at
          FROM serving.srv_rejected_row WHERE status = 'open'
         GROUP BY ALL ORDER BY rejected DESC, source, entity, reason_code
        """,
    )
