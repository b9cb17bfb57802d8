"""Use of the mobile app: accounts, devices, and sessions before and after the first login."""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.base.clock import DAY, NONE, Period, local_day, online_time
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.fleet import Fleet
from ingestion.demo.simulation.people import People

PLAIN, SIGN_IN, REGISTER = range(3)
SESSIONS = 6.1  # of an account over the whole period, on average


@dataclass(frozen=True)
class AppUse:
    """Sessions in order of time, and whose devices they ran on.

    `person` is -1 on devices that never signed in; `signed_in` tells whether the session ends signed in;
    `bound_car` is the car that is bound in the session (-1: none); `trip_car` the car that the person
    drives at that time.
    `device_owner` has one entry for each device: -1 for a shared device or one that never signed in.
    """

    start: np.ndarray
    person: np.ndarray
    device: np.ndarray
    kind: np.ndarray
    signed_in: np.ndarray
    bound_car: np.ndarray
    trip_car: np.ndarray
    device_owner: np.ndarray


def simulate_app(seeds: Seeds, people: People, fleet: Fleet, period: Period) -> AppUse:
    """Return all sessions that began in the period."""
    rng = seeds.rng("app")
    count = len(people)
    car_of = np.full(count, -1)
    owned = np.flatnonzero(fleet.owned_at != NONE)
    car_of[fleet.driver[owned]] = owned
    chance = np.where(car_of >= 0, 0.62, 0.36)
    user = np.flatnonzero(~people.is_company & (rng.random(count) < chance))
    before = rng.random(len(user)) < 0.25
    registered = np.where(before, period.start - DAY, _joining(rng, len(user), period))
    session = _sessions(rng, user, registered, car_of, period)
    start, who, kind = session
    device, owner = _devices(rng, people, user, who, start, period)
    anonymous_start, anonymous_device = _anonymous(rng, count, len(owner), period)
    start = np.concatenate([start, anonymous_start])
    person = np.concatenate([user[who], np.full(len(anonymous_start), -1)])
    device = np.concatenate([device, anonymous_device])
    kind = np.concatenate([kind, np.zeros(len(anonymous_start), np.int64)])
    signed = np.concatenate([start[: len(who)] >= registered[who], np.zeros(len(anonymous_start), bool)])
    order = np.lexsort((kind == REGISTER, start))
    start, person, device, kind, signed = (v[order] for v in (start, person, device, kind, signed))
    kind = _first_logins(person, device, kind, signed)
    bound = _bindings(rng, fleet, person, start, signed, kind)
    car = np.where(person >= 0, car_of[np.maximum(person, 0)], -1)
    has = (
        (car >= 0)
        & (fleet.owned_at[car] < start)
        & ((fleet.sold_at[car] == NONE) | (fleet.sold_at[car] > start))
    )
    owner = np.concatenate([owner, np.full(int(device.max(initial=-1)) + 1 - len(owner), -1)])
    return AppUse(start, person, device, kind, signed, bound, np.where(has & signed, car, -1), owner)


def _joining(rng: np.random.Generator, size: int, period: Period) -> np.ndarray:
    """Return instants of registration, at the hours when people are online."""
    return online_time(rng.integers(period.first_day, period.last_day + 1, size), rng)


def _sessions(
    rng: np.random.Generator, user: np.ndarray, registered: np.ndarray, car_of: np.ndarray, period: Period
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return start, position in `user` and kind of each session: some before the registration, one for
    it, the rest.
    """
    new = registered >= period.start
    begin = np.where(new, np.maximum(registered - 15 * DAY, period.start), period.start)
    span = period.end - begin
    keen = rng.gamma(0.8, 1.0, len(user)) / 0.8 * np.where(car_of[user] >= 0, 1.5, 0.8)
    many = rng.poisson(keen * SESSIONS * (0.35 + 0.65 * span / (period.end - period.start)))
    who = np.repeat(np.arange(len(user)), many)
    moment = begin[who] + (rng.random(len(who)) * span[who]).astype(np.int64)
    start = online_time(local_day(moment), rng)
    keep = (start < period.end) & (start >= period.start)
    start, who = start[keep], who[keep]
    joins = np.flatnonzero(new)
    start = np.concatenate([start, registered[joins]])
    kind = np.concatenate([np.full(len(who), PLAIN), np.full(len(joins), REGISTER)])
    return start, np.concatenate([who, joins]), kind


def _devices(
    rng: np.random.Generator,
    people: People,
    user: np.ndarray,
    who: np.ndarray,
    start: np.ndarray,
    period: Period,
) -> tuple[np.ndarray, np.ndarray]:
    """Return each session's device, and each device's owner: own phones, their successors, tablets of a
    household.
    """
    size = len(user)
    replaced = np.where(rng.random(size) < 0.28, rng.integers(period.start, period.end, size), period.end)
    device = np.where(start >= replaced[who], who + size, who)
    home = people.household[user]
    shared = np.zeros(size, dtype=bool)
    shared[1:] = (home[1:] == home[:-1]) & (rng.random(size - 1) < 0.15)
    partner = np.flatnonzero(shared)
    tablet = np.full(size, -1)
    tablet[partner] = 2 * size + np.arange(len(partner))
    tablet[partner - 1] = tablet[partner]
    on_tablet = (tablet[who] >= 0) & (rng.random(len(who)) < 0.2)
    device = np.where(on_tablet, tablet[who], device)
    return device, np.concatenate([user, user, np.full(len(partner), -1)])


def _anonymous(
    rng: np.random.Generator, count: int, first: int, period: Period
) -> tuple[np.ndarray, np.ndarray]:
    """Return sessions (start, device) of people who only look and never sign in."""
    devices = round(count * 0.10)
    device = np.repeat(np.arange(devices), 1 + rng.poisson(0.8, devices))
    start = online_time(rng.integers(period.first_day, period.last_day + 1, len(device)), rng)
    return start, device + first


def _first_logins(person: np.ndarray, device: np.ndarray, kind: np.ndarray, signed: np.ndarray) -> np.ndarray:
    """Mark the first signed-in session of each person on each device as the one in which the login
    happens.
    """
    rows = np.flatnonzero(signed)
    _, first = np.unique(np.stack([person[rows], device[rows]], axis=1), axis=0, return_index=True)
    kind = kind.copy()
    fresh = rows[first]
    kind[fresh] = np.where(kind[fresh] == PLAIN, SIGN_IN, kind[fresh])
    return kind


def _bindings(
    rng: np.random.Generator,
    fleet: Fleet,
    person: np.ndarray,
    start: np.ndarray,
    signed: np.ndarray,
    kind: np.ndarray,
) -> np.ndarray:
    """Return the car bound in each session: three of four drivers bind theirs soon after they have it."""
    car = np.flatnonzero((fleet.owned_at != NONE) & (rng.random(len(fleet.owned_at)) < 0.75))
    wish = fleet.owned_at[car] + rng.exponential(4 * DAY, len(car)).astype(np.int64)
    rows = np.flatnonzero(signed & (kind != REGISTER))
    rows = rows[np.lexsort((start[rows], person[rows]))]
    scale = int(start.max(initial=0)) + 400 * DAY
    code = person[rows] * scale + start[rows]
    place = np.searchsorted(code, fleet.driver[car] * scale + np.maximum(wish, 0))
    inside = place < len(rows)
    place, car = place[inside], car[inside]
    fits = person[rows[place]] == fleet.driver[car]
    still = (fleet.sold_at[car] == NONE) | (fleet.sold_at[car] > start[rows[place]])
    bound = np.full(len(person), -1)
    bound[rows[place[fits & still]]] = car[fits & still]
    return bound
