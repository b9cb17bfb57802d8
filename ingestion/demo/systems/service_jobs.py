"""Workshop appointments, repair orders with their lines, warranty claims and surveys."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import (
    DAY,
    HOUR,
    NONE,
    german_date,
    local_day,
    local_text,
    online_time,
    showroom_time,
)
from ingestion.demo.simulation.workshop import KINDS
from ingestion.demo.systems import dirt
from ingestion.demo.systems.crm_base import dealer_codes
from ingestion.demo.systems.crm_showroom import Showroom
from ingestion.demo.systems.service import FIRST_CUSTOMER, Dated, Workshop

FIRST_ORDER, FIRST_APPOINTMENT, FIRST_CLAIM, FIRST_SURVEY = 500_001, 200_001, 700_001, 800_001
NPS_SHARE = [0.02, 0.01, 0.015, 0.02, 0.02, 0.045, 0.06, 0.12, 0.21, 0.23, 0.25]
PARTS = (
    "Ölfilter",
    "Bremsbelag vorn",
    "Bremsscheibe",
    "Wischerblatt",
    "Luftfilter",
    "Reifen",
    "Batterie",
    "Sensor",
    "Stoßfänger",
)
WORK = (
    "Inspektion",
    "Ölwechsel",
    "Bremsen erneuern",
    "Diagnose",
    "Räderwechsel",
    "Karosserie",
    "Software-Update",
    "Klimaservice",
)
COMMENTS = (
    "Alles bestens",
    "Freundlich und schnell",
    "Zu lange gewartet",
    "Preis zu hoch",
    "Gern wieder",
    "Rückruf fehlte",
)


def job_tables(shop: Workshop, showroom: Showroom) -> list[Dated]:
    """Return appointments, repair orders, lines, claims and surveys; void rows are told to the truth as
    deleted.
    """
    appointments, of_visit = _appointments(shop)
    void = _void_orders(shop)
    lines, sums = _lines(shop)
    orders = _orders(shop, of_visit, sums, void)
    return [appointments, orders, lines, _claims(shop, void), _surveys(shop, showroom, void)]


def _appointments(shop: Workshop) -> tuple[Dated, np.ndarray]:
    """Return the table and each visit's appointment number (-1: none)."""
    rng, visits, end = shop.seeds.rng("service_appointments"), shop.visits, shop.period.end
    kept = np.flatnonzero(rng.random(len(visits.at)) < 0.72)
    missed = np.flatnonzero(rng.random(len(visits.at)) < 0.11)
    visit = np.concatenate([kept, missed])
    shown = np.arange(len(visit)) < len(kept)
    planned = showroom_time(local_day(visits.at[visit]) - rng.integers(2, 40, len(visit)), rng)
    planned = np.where(shown, visits.at[visit] - visits.at[visit] % 900, planned)
    booked = planned - rng.integers(2 * HOUR, 25 * DAY, len(visit))
    ahead = rng.random(len(visit)) < 0.004  # still to come at the end of the period
    planned = np.where(ahead & ~shown, end + rng.integers(DAY, 20 * DAY, len(visit)), planned)
    booked = np.minimum(booked, end - 1)
    order = np.argsort(booked, kind="stable")
    visit, shown, planned, booked = visit[order], shown[order], planned[order], booked[order]
    number = np.arange(len(visit)) + FIRST_APPOINTMENT
    future = planned >= end
    status = np.select([shown, future], [1, 0], np.where(rng.random(len(visit)) < 0.5, 2, 3))
    void = ~shown & (rng.random(len(visit)) < 0.02)
    table = pa.table(
        {
            "appointment_no": pa.array(number),
            "customer_no": pa.array(visits.account[visit] + FIRST_CUSTOMER),
            "vin": dirt.sometimes_missing(shop.fleet.vin.take(pa.array(visits.car[visit])), rng, 0.05),
            "dealer_code": dealer_codes(shop.dealers, visits.dealer[visit]),
            "booked_at": local_text(booked),
            "scheduled_for": local_text(planned),
            "channel": text.pick(
                ("phone", "app", "web", "walk_in"), rng.choice(4, len(visit), p=[0.55, 0.2, 0.2, 0.05])
            ),
            "status": text.pick(("booked", "shown", "no_show", "cancelled"), status),
            "voided": pa.array(void.astype(np.int64)),
        }
    )
    shop.truth.events(
        "service_appointment",
        text.number(number),
        visits.person[visit],
        booked,
        dealer=visits.dealer[visit],
        reason=text.choose(void, "deleted", None),
    )
    of_visit = np.full(len(visits.at), -1)
    of_visit[visit[shown]] = number[shown]
    return Dated("appointment", table, np.where(future, booked, np.maximum(planned, booked))), of_visit


def _void_orders(shop: Workshop) -> np.ndarray:
    return shop.seeds.rng("void_orders").random(len(shop.visits.at)) < 0.004


def _lines(shop: Workshop) -> tuple[Dated, dict[str, np.ndarray]]:
    """Return the table and sums in cents for each repair order: labour, parts and cost."""
    rng, visits = shop.seeds.rng("service_lines"), shop.visits
    many = rng.integers(1, 5, len(visits.at))
    order = np.repeat(np.arange(len(visits.at)), many)
    first = np.concatenate([[0], np.cumsum(many)[:-1]])
    line = np.arange(len(order)) - first[order] + 1
    is_part = (line > 1) & (rng.random(len(order)) < 0.72)
    heavy = np.where(visits.kind[order] == 3, 4.5, np.where(visits.kind[order] == 2, 0.6, 1.0))
    cents = np.round(
        np.where(is_part, rng.gamma(1.4, 55.0, len(order)), rng.gamma(2.2, 62.0, len(order))) * heavy * 100
    )
    cents = cents.astype(np.int64) + 490
    cost = np.round(
        cents * np.where(is_part, rng.uniform(0.62, 0.82, len(order)), rng.uniform(0.38, 0.55, len(order)))
    )
    item = rng.integers(0, 8, len(order))
    quantity = np.where(
        is_part, rng.integers(1, 5, len(order)).astype(np.float64), rng.integers(2, 40, len(order)) / 10
    )
    table = pa.table(
        {
            "order_no": pa.array(order + FIRST_ORDER),
            "line_no": pa.array(line),
            "kind": text.pick(("labour", "part"), is_part.astype(np.int64)),
            "item_no": text.join(
                text.pick(("W-", "P-"), is_part.astype(np.int64)), text.digits(item * 137 + 11, 5)
            ),
            "description": text.choose(is_part, text.pick(PARTS, item), text.pick(WORK, item)),
            "quantity": pa.array(quantity),
            "amount": pa.array(cents / 100),
            "cost_amt": pa.array(cost / 100),
        }
    )
    size = len(visits.at)
    sums = {
        "labour": np.bincount(order, cents * ~is_part, size),
        "parts": np.bincount(order, cents * is_part, size),
        "cost": np.bincount(order, cost, size),
    }
    return Dated("repair_order_line", table, visits.at[order] + 2 * HOUR), sums


def _orders(shop: Workshop, of_visit: np.ndarray, sums: dict[str, np.ndarray], void: np.ndarray) -> Dated:
    rng, visits, end = shop.seeds.rng("service_orders"), shop.visits, shop.period.end
    count = len(visits.at)
    number = np.arange(count) + FIRST_ORDER
    closed = visits.at + np.where(
        rng.random(count) < 0.8, rng.integers(HOUR, 8 * HOUR, count), rng.integers(DAY, 9 * DAY, count)
    )
    table = pa.table(
        {
            "order_no": pa.array(number),
            "appointment_no": pa.array(of_visit, mask=of_visit < 0),
            "dealer_code": dealer_codes(shop.dealers, visits.dealer),
            "customer_no": pa.array(visits.account + FIRST_CUSTOMER),
            "vin": shop.fleet.vin.take(pa.array(visits.car)),
            "kind": text.pick(KINDS, visits.kind),
            "opened_at": local_text(visits.at),
            "closed_at": local_text(np.where(closed >= end, NONE, closed)),
            "mileage_km": pa.array(visits.mileage, mask=rng.random(count) < 0.04),
            "labour_amt": pa.array(sums["labour"] / 100),
            "parts_amt": pa.array(sums["parts"] / 100),
            "cost_amt": pa.array(sums["cost"] / 100),
            "voided": pa.array(void.astype(np.int64)),
        }
    )
    shop.truth.events(
        "service_visit",
        text.number(number),
        visits.person,
        visits.at,
        dealer=visits.dealer,
        series=shop.fleet.series[visits.car],
        amount=(sums["labour"] + sums["parts"]) / 100,
        reason=text.choose(void, "deleted", None),
    )
    return Dated("repair_order", table, np.where(closed >= end, visits.at, closed))


def _claims(shop: Workshop, void: np.ndarray) -> Dated:
    """Return claims for young cars: the maker pays within three years."""
    rng, visits, end = shop.seeds.rng("service_claims"), shop.visits, shop.period.end
    young = visits.at // DAY - shop.fleet.built_day[visits.car] < 3 * 365
    visit = np.flatnonzero(young & np.isin(visits.kind, [1, 2]) & ~void & (rng.random(len(void)) < 0.55))
    reported = local_day(visits.at[visit]) + rng.integers(0, 25, len(visit))
    visit, reported = visit[reported <= shop.period.last_day], reported[reported <= shop.period.last_day]
    count = len(visit)
    number = np.arange(count) + FIRST_CLAIM
    cancelled = rng.random(count) < 0.01
    amount = np.round(rng.gamma(1.8, 160.0, count) + 25, 2)
    status = rng.choice(3, count, p=[0.1, 0.8, 0.1])
    table = pa.table(
        {
            "claim_no": pa.array(number),
            "order_no": pa.array(visit + FIRST_ORDER),
            "vin": shop.fleet.vin.take(pa.array(visits.car[visit])),
            "dealer_code": dealer_codes(shop.dealers, visits.dealer[visit]),
            "part_no": text.join("P-", text.digits(rng.integers(0, 9, count) * 137 + 11, 5)),
            "mileage_km": pa.array(visits.mileage[visit]),
            "repaired_on": german_date(local_day(visits.at[visit])),
            "reported_on": german_date(reported),
            "claim_amt": pa.array(amount),
            "status": text.pick(("open", "approved", "refused"), status),
            "voided": pa.array(cancelled.astype(np.int64)),
        }
    )
    noon = reported * DAY + 11 * HOUR
    shop.truth.events(
        "warranty_claim",
        text.number(number),
        visits.person[visit],
        noon,
        dealer=visits.dealer[visit],
        amount=amount,
        reason=text.choose(cancelled, "deleted", None),
    )
    return Dated("warranty_claim", table, np.minimum(noon, end - 1))


def _surveys(shop: Workshop, showroom: Showroom, void: np.ndarray) -> Dated:
    """Return answers of workshop customers and of buyers; a sales survey knows only the CRM's card."""
    rng, visits, journeys, end = shop.seeds.rng("surveys"), shop.visits, showroom.journeys, shop.period.end
    visit = np.flatnonzero(~void & (rng.random(len(void)) < 0.16))
    buyer = np.flatnonzero((journeys.deliver_at != NONE) & (rng.random(len(journeys)) < 0.38))
    sales = np.arange(len(visit) + len(buyer)) >= len(visit)
    base = np.concatenate([visits.at[visit], journeys.deliver_at[buyer]])
    at = online_time(local_day(base) + rng.integers(1, 14, len(base)), rng)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < end]
    sales, at = sales[order], at[order]
    source = np.concatenate([visit, buyer])[order]
    count = len(at)
    of_visit, of_buyer = np.where(sales, 0, source), np.where(sales, source, 0)
    dealer = np.where(sales, journeys.dealer[of_buyer], visits.dealer[of_visit])
    person = np.where(sales, journeys.person[of_buyer], visits.person[of_visit])
    score = rng.choice(11, count, p=NPS_SHARE)
    number = np.arange(count) + FIRST_SURVEY
    table = pa.table(
        {
            "survey_no": pa.array(number),
            "kind": text.pick(("service", "sales"), sales.astype(np.int64)),
            "customer_no": pa.array(visits.account[of_visit] + FIRST_CUSTOMER, mask=sales),
            "crm_card_id": text.blank(showroom.cards.key(showroom.cards.of_journey[of_buyer]), ~sales),
            "dealer_code": dealer_codes(shop.dealers, dealer),
            "order_no": pa.array(of_visit + FIRST_ORDER, mask=sales),
            "nps_score": pa.array(score),
            "comment": text.pick(COMMENTS, np.where(rng.random(count) < 0.25, rng.integers(0, 6, count), -1)),
            "answered_at": local_text(at),
        }
    )
    shop.truth.events(
        "survey", text.number(number), person, at, dealer=dealer, amount=score.astype(np.float64)
    )
    return Dated("survey", table, at)
