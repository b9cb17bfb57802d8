"""Recalls of cars and complaints of customers, as the workshop system holds them."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, HOUR, NONE, german_date, local_day, local_text, online_time
from ingestion.demo.systems.crm_base import dealer_codes
from ingestion.demo.systems.crm_showroom import Showroom
from ingestion.demo.systems.service import FIRST_CUSTOMER, Dated, Workshop

FIRST_RECALL, FIRST_COMPLAINT = 300_001, 600_001
RECALLS = 5  # of the maker in the period
RECALLED = 0.09  # share of the cars that run when a recall is announced
KINDS = ("sales", "product", "workshop")
AFTER_DELIVERY, AFTER_VISIT = 0.03, 0.002


def care_tables(shop: Workshop, showroom: Showroom) -> list[Dated]:
    """Return recalled cars and complaints; void rows are told to the truth as deleted."""
    return [_recalled(shop), _complaints(shop, showroom)]


def _recalled(shop: Workshop) -> Dated:
    """Return one row for each recall and car: four of five are done, most within three months."""
    rng, fleet, period = shop.seeds.rng("recalls"), shop.fleet, shop.period
    announced = np.sort(rng.integers(period.first_day + 60, period.last_day - 30, RECALLS))
    owned_day = local_day(fleet.owned_at)
    cars = [np.flatnonzero((owned_day != NONE) & (owned_day < day)) for day in announced]
    cars = [car[rng.random(len(car)) < RECALLED] for car in cars]
    recall = np.repeat(np.arange(RECALLS), [len(car) for car in cars])
    car, count = np.concatenate(cars), len(recall)
    day = announced[recall]
    done = day + 5 + rng.gamma(1.3, 42.0, count).astype(np.int64)
    done = np.where((rng.random(count) < 0.83) & (done <= period.last_day), done, NONE)
    void = rng.random(count) < 0.004
    number = np.arange(count) + FIRST_RECALL
    table = pa.table(
        {
            "recall_no": pa.array(number),
            "recall_code": text.join("RC-", text.digits(recall + 1, 3)),
            "vin": fleet.vin.take(pa.array(car)),
            "dealer_code": dealer_codes(shop.dealers, fleet.dealer[car]),
            "announced_on": german_date(day),
            "done_on": german_date(done),
            "voided": pa.array(void.astype(np.int64)),
        }
    )
    nobody, noon = np.full(count, -1), day * DAY + 10 * HOUR
    shop.truth.events(
        "recall",
        text.number(number),
        nobody,
        noon,
        dealer=fleet.dealer[car],
        series=fleet.series[car],
        reason=text.choose(void, "deleted", None),
    )
    return Dated("recall_vehicle", table, np.maximum(day, done) * DAY + 10 * HOUR)


def _complaints(shop: Workshop, showroom: Showroom) -> Dated:
    """Return complaints about the sale, the car or the workshop; the first two know only the CRM's card."""
    rng, visits, journeys, end = shop.seeds.rng("complaints"), shop.visits, showroom.journeys, shop.period.end
    buyer = np.flatnonzero((journeys.deliver_at != NONE) & (rng.random(len(journeys)) < AFTER_DELIVERY))
    visit = np.flatnonzero(rng.random(len(visits.at)) < AFTER_VISIT)
    sales = np.arange(len(buyer) + len(visit)) < len(buyer)
    base = np.concatenate([journeys.deliver_at[buyer], visits.at[visit]])
    at = online_time(local_day(base) + rng.integers(1, 60, len(base)), rng)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < end]
    sales, at, source = sales[order], at[order], np.concatenate([buyer, visit])[order]
    of_buyer, of_visit = np.where(sales, source, 0), np.where(sales, 0, source)
    count = len(at)
    kind = np.where(sales, rng.random(count) < 0.45, 2).astype(np.int64)
    closed = at + rng.integers(DAY, 30 * DAY, count)
    closed = np.where((closed < end) & (rng.random(count) < 0.94), closed, NONE)
    void = rng.random(count) < 0.01
    number = np.arange(count) + FIRST_COMPLAINT
    dealer = np.where(sales, journeys.dealer[of_buyer], visits.dealer[of_visit])
    table = pa.table(
        {
            "complaint_no": pa.array(number),
            "kind": text.pick(KINDS, kind),
            "customer_no": pa.array(visits.account[of_visit] + FIRST_CUSTOMER, mask=sales),
            "crm_card_id": text.blank(showroom.cards.key(showroom.cards.of_journey[of_buyer]), ~sales),
            "dealer_code": dealer_codes(shop.dealers, dealer),
            "opened_at": local_text(at),
            "closed_at": local_text(closed),
            "voided": pa.array(void.astype(np.int64)),
        }
    )
    shop.truth.events(
        "complaint",
        text.number(number),
        np.where(sales, journeys.person[of_buyer], visits.person[of_visit]),
        at,
        dealer=dealer,
        reason=text.choose(void, "deleted", None),
    )
    return Dated("complaint", table, np.maximum(at, closed))
