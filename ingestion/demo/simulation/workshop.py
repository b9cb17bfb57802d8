"""Workshop visits of the brand's cars: which car, brought by whom, when, where and for what."""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.base.clock import DAY, NONE, Period, local_day, showroom_time
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.fleet import Fleet
from ingestion.demo.simulation.people import People

VISITS_A_YEAR = 0.62  # at the brand's dealers; drivers take about two thirds of their visits elsewhere
SAME_DEALER = 0.62
KINDS = ("maintenance", "repair", "recall", "accident", "tyres")
KIND_SHARE = [0.46, 0.26, 0.05, 0.06, 0.17]


@dataclass(frozen=True)
class Visits:
    """Workshop visits in order of time; `account` is the customer account used, a position in Accounts."""

    car: np.ndarray
    person: np.ndarray
    dealer: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    mileage: np.ndarray
    account: np.ndarray


@dataclass(frozen=True)
class Accounts:
    """Customer accounts of the workshop system in order of opening; some people have two."""

    person: np.ndarray
    dealer: np.ndarray
    opened_at: np.ndarray


def simulate_workshop(
    seeds: Seeds, people: People, fleet: Fleet, dealers: Dealers, period: Period
) -> tuple[Visits, Accounts]:
    """Return all workshop visits in the period and the accounts opened for them."""
    rng = seeds.rng("workshop")
    car, person, since, till = _spans(fleet, period)
    years = np.maximum(till - since, 0) / (365.25 * DAY)
    many = rng.poisson(years * VISITS_A_YEAR)
    span = np.repeat(np.arange(len(car)), many)
    moment = since[span] + (rng.random(len(span)) * (till - since)[span]).astype(np.int64)
    at = showroom_time(local_day(moment), rng)
    keep = (at < period.end) & (at >= since[span]) & (at < till[span])
    span, at = span[keep], at[keep]
    order = np.argsort(at, kind="stable")
    span, at = span[order], at[order]
    car, person = car[span], person[span]
    dealer = _workshop_dealer(rng, fleet.dealer[car], people.home_dealer[person], dealers)
    age = np.maximum(at // DAY - fleet.built_day[car], 10)
    pace = 20.0 + (fleet.series[car] % 4) * 8 + (car % 17)
    visits_account, accounts = _accounts(rng, person, dealer, at)
    kind = rng.choice(5, size=len(at), p=KIND_SHARE)
    return Visits(car, person, dealer, at, kind, (age * pace).astype(np.int64), visits_account), accounts


def _spans(fleet: Fleet, period: Period) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (car, owner, since, till) for each time that somebody owned a car in the period."""
    first = np.flatnonzero(fleet.owned_at != NONE)
    second = np.flatnonzero(fleet.next_owner >= 0)
    car = np.concatenate([first, second])
    person = np.concatenate([fleet.owner[first], fleet.next_owner[second]])
    since = np.concatenate(
        [np.maximum(fleet.owned_at[first] + 20 * DAY, period.start), fleet.sold_at[second] + 5 * DAY]
    )
    till = np.where(fleet.sold_at[first] != NONE, fleet.sold_at[first], period.end)
    return car, person, since, np.concatenate([till, np.full(len(second), period.end)])


def _workshop_dealer(
    rng: np.random.Generator, seller: np.ndarray, home: np.ndarray, dealers: Dealers
) -> np.ndarray:
    draw = rng.random(len(seller))
    elsewhere = rng.integers(0, len(dealers), len(seller))
    return np.select([draw < SAME_DEALER, draw < 0.94], [seller, home], elsewhere)


def _accounts(
    rng: np.random.Generator, person: np.ndarray, dealer: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, Accounts]:
    """Return each visit's account and the accounts: one for each customer, for 8 % of the regulars a
    second one.
    """
    owner, first, inverse = np.unique(person, return_index=True, return_inverse=True)
    twice = rng.random(len(owner)) < 0.08
    later = np.arange(len(person)) > first[inverse]
    uses_second = twice[inverse] & later & (rng.random(len(person)) < 0.6)
    label = inverse * 2 + uses_second
    used, opening, account = np.unique(label, return_index=True, return_inverse=True)
    order = np.argsort(opening, kind="stable")
    place = np.empty(len(used), dtype=np.int64)
    place[order] = np.arange(len(used))
    opening = opening[order]
    opened_at = at[opening] - rng.integers(300, 3 * DAY, len(opening))
    return place[account], Accounts(person[opening], dealer[opening], opened_at)
