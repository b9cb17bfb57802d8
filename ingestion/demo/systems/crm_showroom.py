"""Appointments, showroom visits, test drives and quotes as the CRM holds them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, HOUR, NONE, Period, local_day, rfc3339_utc, showroom_time
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.fleet import list_price
from ingestion.demo.simulation.journey import Journeys
from ingestion.demo.systems import dirt
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.crm_base import Staff, dealer_codes, series_codes
from ingestion.demo.systems.crm_leads import Cards
from ingestion.demo.truth import Truth


@dataclass(frozen=True)
class Showroom:
    """What the builders of this module share: the simulated facts, the cards made from them, and who
    works where.
    """

    seeds: Seeds
    journeys: Journeys
    cards: Cards
    dealers: Dealers
    staff: Staff
    period: Period
    truth: Truth

    def columns(self, journey: np.ndarray, rng: np.random.Generator) -> dict[str, pa.Array]:
        """Return dealer, advisor and series of the rows' journeys."""
        dealer = self.journeys.dealer[journey]
        return {
            "dealer_id": dealer_codes(self.dealers, dealer),
            "advisor_id": self.staff.of(dealer, rng.random(len(journey))),
            "series_code": series_codes(self.journeys.series[journey]),
        }

    def changes(self, at: np.ndarray, deleted: np.ndarray, rng: np.random.Generator) -> dict[str, pa.Array]:
        """Return when the rows last changed and when they were deleted."""
        updated = dirt.latest(dirt.changed_at(at, rng, self.period.end), deleted)
        return {"updated_at": rfc3339_utc(updated), "deleted_at": rfc3339_utc(deleted)}

    def tell(
        self,
        process: str,
        key: pa.Array,
        journey: np.ndarray,
        at: np.ndarray,
        reason: pa.Array,
        **more: np.ndarray,
    ) -> None:
        """Tell the truth about rows of journeys."""
        series = more.pop("series", self.journeys.series[journey])
        known = self.cards.of_journey[journey] >= 0
        who = np.where(known, self.journeys.person[journey], -1)
        self.truth.events(
            process, key, who, at, dealer=self.journeys.dealer[journey], series=series, reason=reason, **more
        )


def deleted_reason(deleted: np.ndarray) -> pa.Array:
    """Return "deleted" for deleted rows, null for the others."""
    return text.choose(deleted != NONE, "deleted", None)


def showroom_entities(world: Showroom) -> list[Entity]:
    """Return appointments, visits, test drives and quotes."""
    appointment, visit_of, drive_of = _appointments(world)
    visits, first_visit = _visits(world, visit_of)
    return [appointment, visits, _test_drives(world, drive_of, first_visit), _quotes(world)]


def _appointments(world: Showroom) -> tuple[Entity, np.ndarray, np.ndarray]:
    """Return the table, and for each journey the appointment of its visit and of its test drive (0: none)."""
    rng, journeys, end = world.seeds.rng("appointments"), world.journeys, world.period.end
    card = world.cards.of_journey
    invited = ~journeys.walk_in & (card >= 0)
    came = np.flatnonzero(invited & (journeys.visit_at != NONE) & (rng.random(len(card)) < 0.72))
    missed = np.flatnonzero(invited & (journeys.visit_at == NONE) & (rng.random(len(card)) < 0.20))
    drove = np.flatnonzero((card >= 0) & (journeys.test_drive_at != NONE) & (rng.random(len(card)) < 0.40))
    stayed_away = np.flatnonzero(
        (card >= 0)
        & (journeys.visit_at != NONE)
        & (journeys.test_drive_at == NONE)
        & (rng.random(len(card)) < 0.16)
    )
    journey = np.concatenate([came, missed, drove, stayed_away])
    is_drive = np.arange(len(journey)) >= len(came) + len(missed)
    card_at = journeys.card_at[journey]
    planned = showroom_time(local_day(card_at) + rng.integers(1, 21, len(journey)), rng)
    arrival = np.where(is_drive, journeys.test_drive_at[journey], journeys.visit_at[journey])
    scheduled = np.where(arrival != NONE, arrival - arrival % 1_800, planned)
    made_by = np.where(arrival != NONE, np.maximum(arrival - 600, card_at), end - 1)
    made = np.minimum(
        card_at + rng.integers(300, DAY, len(journey)), np.maximum(np.minimum(made_by, end - 1), card_at)
    )
    order = np.argsort(made, kind="stable")
    journey, is_drive, scheduled, made, arrival = (
        v[order] for v in (journey, is_drive, scheduled, made, arrival)
    )
    number = np.arange(1, len(journey) + 1)
    shown = arrival != NONE
    deleted = dirt.deleted_at(rng, made, ~shown, 0.01, end)
    known = np.where(scheduled < end, np.maximum(made, scheduled), made)
    key = text.keys("T-", number, 8)
    table = pa.table(
        {
            "appointment_id": key,
            "card_id": world.cards.key(card[journey]),
            **world.columns(journey, rng),
            "kind": text.pick(("visit", "test_drive"), is_drive.astype(np.int64)),
            "scheduled_at": rfc3339_utc(scheduled),
            "shown": pa.array(shown.astype(np.int64), mask=scheduled >= end),
            "created_at": rfc3339_utc(made),
            **world.changes(known, deleted, rng),
        }
    )
    world.tell("appointment", key, journey, made, deleted_reason(deleted))
    entity = spoil(
        "crm",
        "appointment",
        table,
        world.seeds.rng("bad", "appointment"),
        lambda i: {"appointment_id": f"T-9{i:07d}"},
    )
    visit_of, drive_of = np.zeros(len(card), np.int64), np.zeros(len(card), np.int64)
    visit_of[journey[shown & ~is_drive]] = number[shown & ~is_drive]
    drive_of[journey[shown & is_drive]] = number[shown & is_drive]
    return entity, visit_of, drive_of


def _visits(world: Showroom, visit_of: np.ndarray) -> tuple[Entity, np.ndarray]:
    """Return the table and the number of each journey's first visit (0: none); a quarter of the visitors
    come again.
    """
    rng, journeys, end = world.seeds.rng("visits"), world.journeys, world.period.end
    first = np.flatnonzero(journeys.visit_at != NONE)
    again = first[(world.cards.of_journey[first] >= 0) & (rng.random(len(first)) < 0.22)]
    again_at = showroom_time(local_day(journeys.visit_at[again]) + rng.integers(1, 25, len(again)), rng)
    again_at = np.maximum(again_at, journeys.visit_at[again] + 4 * HOUR)
    again, again_at = again[again_at < end], again_at[again_at < end]
    journey = np.concatenate([first, again])
    at = np.concatenate([journeys.visit_at[first], again_at])
    order = np.argsort(at, kind="stable")
    is_first = (np.arange(len(at)) < len(first))[order]
    journey, at = journey[order], at[order]
    number = np.arange(1, len(at) + 1)
    deleted = dirt.deleted_at(rng, at, ~is_first, 0.02, end)
    key = text.keys("V", number, 8)
    minutes = rng.integers(15, 150, len(at))
    table = pa.table(
        {
            "visit_id": key,
            "card_id": world.cards.key(world.cards.of_journey[journey]),
            "appointment_id": text.keys(
                "T-", np.where(is_first & (visit_of[journey] > 0), visit_of[journey], -1), 8
            ),
            **world.columns(journey, rng),
            "walk_in": pa.array((journeys.walk_in[journey] & is_first).astype(np.int64)),
            "arrived_at": rfc3339_utc(at),
            "left_at": dirt.sometimes_missing(rfc3339_utc(at + minutes * 60), rng, 0.3),
            **world.changes(at, deleted, rng),
        }
    )
    world.tell("visit", key, journey, at, deleted_reason(deleted))
    first_visit = np.zeros(len(journeys), np.int64)
    first_visit[journey[is_first]] = number[is_first]
    return spoil(
        "crm", "visit", table, world.seeds.rng("bad", "visit"), lambda i: {"visit_id": f"V9{i:07d}"}
    ), first_visit


def _test_drives(world: Showroom, drive_of: np.ndarray, first_visit: np.ndarray) -> Entity:
    rng, journeys, end = world.seeds.rng("test_drives"), world.journeys, world.period.end
    journey = np.flatnonzero(journeys.test_drive_at != NONE)
    journey = journey[np.argsort(journeys.test_drive_at[journey], kind="stable")]
    at = journeys.test_drive_at[journey]
    same_day = local_day(at) == local_day(journeys.visit_at[journey])
    idle = (journeys.quote_at[journey] == NONE) & (at < end - 30 * DAY)
    deleted = dirt.deleted_at(rng, at, idle, 0.01, end)
    key = text.keys("T", np.arange(1, len(at) + 1), 8)
    score = np.clip(np.round(rng.normal(8.1, 1.5, len(at))), 1, 10).astype(np.int64)
    table = pa.table(
        {
            "test_drive_id": key,
            "visit_id": text.keys("V", np.where(same_day, first_visit[journey], -1), 8),
            "appointment_id": text.keys("T-", np.where(drive_of[journey] > 0, drive_of[journey], -1), 8),
            "card_id": world.cards.key(world.cards.of_journey[journey]),
            **world.columns(journey, rng),
            "driven_at": rfc3339_utc(at),
            "score": pa.array(score, mask=rng.random(len(at)) < 0.35),
            **world.changes(at, deleted, rng),
        }
    )
    world.tell("test_drive", key, journey, at, deleted_reason(deleted))
    return spoil(
        "crm",
        "test_drive",
        table,
        world.seeds.rng("bad", "test_drive"),
        lambda i: {"test_drive_id": f"T9{i:07d}"},
    )


def _quotes(world: Showroom) -> Entity:
    rng, journeys, end = world.seeds.rng("quotes"), world.journeys, world.period.end
    journey = np.flatnonzero(journeys.quote_at != NONE)
    journey = journey[np.argsort(journeys.quote_at[journey], kind="stable")]
    at = journeys.quote_at[journey]
    idle = (
        (journeys.order_at[journey] == NONE) & (journeys.intent_at[journey] == NONE) & (at < end - 90 * DAY)
    )
    deleted = dirt.deleted_at(rng, at, idle, 0.01, end)
    amount = np.round(list_price(journeys.series[journey]) * rng.uniform(0.92, 1.12, len(at)), 2)
    key = text.keys("Q", np.arange(1, len(at) + 1), 8)
    table = pa.table(
        {
            "quote_id": key,
            "card_id": world.cards.key(world.cards.of_journey[journey]),
            **world.columns(journey, rng),
            "quoted_at": rfc3339_utc(at),
            "quote_amt": pa.array(amount),
            **world.changes(at, deleted, rng),
        }
    )
    world.tell("quote", key, journey, at, deleted_reason(deleted), amount=amount)
    return spoil("crm", "quote", table, world.seeds.rng("bad", "quote"), lambda i: {"quote_id": f"Q9{i:07d}"})
