"""Cars: those that people owned before, those delivered in the period, and who owns and drives each one
when.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, NONE, Period, local_day
from ingestion.demo.base.seeds import Seeds, weighted
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.journey import Journeys
from ingestion.demo.simulation.people import People
from ingestion.demo.simulation.vehicles import SERIES, SERIES_SHARE, make_vins

BASE_FLEET = 0.32
COMPANY_CARS = 3  # for each company, beside its own orders


@dataclass(frozen=True)
class Fleet:
    """Cars with one entry each: those of before, then one for each journey with an order, then stock.

    `owner` is the person or company that the workshop knows, `driver` who uses it, `next_owner` who bought it
    second hand at `sold_at` (-1 and NONE: nobody). `journey` is the journey that ordered the car or -1;
    `owned_at` is NONE for cars that were not handed over. `stock_dealer` is -1 for cars never in stock.
    """

    vin: pa.Array
    series: np.ndarray
    owner: np.ndarray
    driver: np.ndarray
    dealer: np.ndarray
    owned_at: np.ndarray
    next_owner: np.ndarray
    sold_at: np.ndarray
    built_day: np.ndarray
    journey: np.ndarray
    stock_dealer: np.ndarray
    arrived_day: np.ndarray
    left_day: np.ndarray
    of_journey: np.ndarray


def make_fleet(seeds: Seeds, people: People, journeys: Journeys, dealers: Dealers, period: Period) -> Fleet:
    """Return all cars of the brand that somebody owns, ordered, or that stand in a showroom."""
    rng = seeds.rng("fleet")
    persons = int((~people.is_company).sum())
    private = rng.permutation(persons)[: round(len(people) * BASE_FLEET)]
    firm = np.repeat(np.arange(persons, len(people)), COMPANY_CARS)
    base = np.concatenate([private, firm])
    ordered = np.flatnonzero(journeys.order_at != NONE)
    unsold = np.repeat(np.arange(len(dealers)), rng.integers(2, 6, len(dealers)))
    sizes = (len(base), len(ordered), len(unsold))
    old, new, stock = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:2])
    count = sum(sizes)
    owner = np.concatenate([base, journeys.person[ordered], np.full(len(unsold), -1)])
    owned_at = np.full(count, NONE)
    owned_at[old] = period.start - rng.integers(30, 8 * 365, len(old)) * DAY
    owned_at[new] = journeys.deliver_at[ordered]
    series = weighted(rng, SERIES_SHARE, count)
    series[new] = journeys.series[ordered]
    home = people.home_dealer[np.maximum(owner, 0)]
    dealer = np.concatenate([home[old], journeys.dealer[ordered], unsold])
    base_day = np.full(count, period.last_day)
    base_day[old] = owned_at[old] // DAY
    base_day[new] = local_day(journeys.order_at[ordered])
    stocked, arrived, left = _stock(rng, journeys, ordered, (new, stock), base_day, period)
    built = np.where(stocked, arrived - rng.integers(10, 50, count), base_day - rng.integers(5, 60, count))
    year = built.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    driver = _drivers(rng, people, owner)
    next_owner, sold_at = _resale(rng, old, owned_at, persons, period)
    of_journey = np.full(len(journeys), -1)
    of_journey[ordered] = new
    return Fleet(
        vin=make_vins(series, year, np.arange(count)),
        series=series,
        owner=owner,
        driver=driver,
        dealer=dealer,
        owned_at=owned_at,
        next_owner=next_owner,
        sold_at=sold_at,
        built_day=built,
        journey=np.concatenate([np.full(len(old), -1), ordered, np.full(len(unsold), -1)]),
        stock_dealer=np.where(stocked, dealer, -1),
        arrived_day=np.where(stocked, arrived, NONE),
        left_day=left,
        of_journey=of_journey,
    )


def _stock(
    rng: np.random.Generator,
    journeys: Journeys,
    ordered: np.ndarray,
    places: tuple[np.ndarray, np.ndarray],
    base_day: np.ndarray,
    period: Period,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which cars stood in stock, since when, and when they left (NONE: still there)."""
    new, unsold = places
    count = len(base_day)
    stocked = np.zeros(count, dtype=bool)
    stocked[unsold] = True
    delivered = journeys.deliver_at[ordered] != NONE
    stocked[new] = (rng.random(len(new)) < 0.55) & delivered
    wait = rng.gamma(1.6, 30.0, count).astype(np.int64) + 3
    arrived = np.minimum(base_day - wait, period.last_day)
    left = np.full(count, NONE)
    left[new] = np.where(stocked[new], local_day(journeys.deliver_at[ordered]), NONE)
    return stocked, arrived, left


def _drivers(rng: np.random.Generator, people: People, owner: np.ndarray) -> np.ndarray:
    """Return who uses a car: its owner, or for a company car one of the company's drivers."""
    order = np.argsort(people.company, kind="stable")
    company = people.company[order]
    first, last = np.searchsorted(company, owner, "left"), np.searchsorted(company, owner, "right")
    span = last - first
    chosen = first + (rng.random(len(owner)) * np.maximum(span, 1)).astype(np.int64)
    is_firm = (owner >= 0) & people.is_company[np.maximum(owner, 0)] & (span > 0)
    return np.where(is_firm, order[np.minimum(chosen, len(order) - 1)], owner)


def _resale(
    rng: np.random.Generator, old: np.ndarray, owned_at: np.ndarray, persons: int, period: Period
) -> tuple[np.ndarray, np.ndarray]:
    """Return the next owner and the instant of sale: 6 % of the cars of before change hands in the period."""
    next_owner, sold_at = np.full(len(owned_at), -1), np.full(len(owned_at), NONE)
    sold = old[rng.random(len(old)) < 0.06]
    next_owner[sold] = rng.integers(0, persons, len(sold))
    sold_at[sold] = rng.integers(period.start, period.end, len(sold))
    return next_owner, sold_at


def list_price(series: np.ndarray) -> np.ndarray:
    """Return list prices in EUR with VAT."""
    return np.array([s.msrp for s in SERIES])[series]


def plates(rng: np.random.Generator, town_letters: pa.Array) -> pa.Array:
    """Return licence plates such as M-KX 4711."""
    pair = text.letters(rng.integers(ord("A"), ord("Z") + 1, (len(town_letters), 2)))
    return text.join(town_letters, "-", pair, " ", text.number(rng.integers(1, 9_999, len(town_letters))))
