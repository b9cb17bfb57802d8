"""App events of sessions: what happened at each place of a session, and the properties that are sent with
it.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, rfc3339_berlin
from ingestion.demo.base.seeds import mix64
from ingestion.demo.simulation.app_use import PLAIN, REGISTER, SIGN_IN, AppUse
from ingestion.demo.simulation.campaigns import Campaigns, running_campaign
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.fleet import Fleet
from ingestion.demo.simulation.people import People
from ingestion.demo.simulation.vehicles import SERIES
from ingestion.demo.systems.contacts import contact
from ingestion.demo.systems.crm_base import campaign_ids

EVENTS = (
    "app_session_started",
    "app_session_ended",
    "screen_viewed",
    "configuration_saved",
    "content_engaged",
    "account_registered",
    "signed_in",
    "vehicle_bound",
    "trip_completed",
    "service_booked",
    "test_drive_requested",
    "offer_shared",
    "consent_changed",
)
(
    STARTED,
    ENDED,
    SCREEN,
    CONFIGURED,
    CONTENT,
    REGISTERED,
    SIGNED,
    BOUND,
    TRIP,
    BOOKED,
    ASKED,
    SHARED,
    CONSENT,
) = range(13)
_FREE = (SCREEN, CONTENT, CONFIGURED, SHARED, CONSENT, ASKED, TRIP, BOOKED)
_LOOKER = np.cumsum([0.62, 0.17, 0.13, 0.03, 0.03, 0.02, 0.0, 0.0])
_DRIVER = np.cumsum([0.50, 0.13, 0.04, 0.02, 0.02, 0.01, 0.25, 0.03])
SCREENS = (
    "home",
    "models",
    "configurator",
    "dealer_search",
    "my_car",
    "charging",
    "service",
    "news",
    "profile",
    "offers",
)


STORE, WEBSITE = 0, 1  # how an account came to be
UNTRACED = 40  # of a hundred accounts from the store: the store does not say what led there
CLICKED = 35  # of a hundred accounts from the website: a campaign that runs led there
ACTIONS = ("view", "like", "bookmark", "comment", "follow")
ACTION_SHARE = [0.7, 0.16, 0.06, 0.04, 0.04]


@dataclass(frozen=True)
class Events:
    """Events of some sessions: the session of each (a position in AppUse), its kind, instants, and a
    number of its own.
    """

    session: np.ndarray
    kind: np.ndarray
    at: np.ndarray
    received_at: np.ndarray
    number: np.ndarray
    anonymous: np.ndarray


def expand(rng: np.random.Generator, use: AppUse, sessions: np.ndarray, first_number: int) -> Events:
    """Return the events of sessions: start, login where there is one, what people do, end."""
    special = (use.kind[sessions] != PLAIN) | (use.bound_car[sessions] >= 0)
    many = 3 + rng.geometric(0.26, len(sessions)) + 2 * special
    session = np.repeat(sessions, many)
    first = np.repeat(np.cumsum(many) - many, many)
    place = np.arange(len(session)) - first
    last = place == np.repeat(many, many) - 1
    draw = rng.random(len(session))
    drives = use.trip_car[session] >= 0
    choice = np.where(drives, np.searchsorted(_DRIVER, draw), np.searchsorted(_LOOKER, draw))
    kind = np.array(_FREE)[np.minimum(choice, len(_FREE) - 1)]
    how = use.kind[session]
    kind = np.select(
        [
            place == 0,
            last,
            (how == REGISTER) & (place == 1),
            ((how == REGISTER) & (place == 2)) | ((how == SIGN_IN) & (place == 1)),
            (use.bound_car[session] >= 0) & (place == 3),
        ],
        [STARTED, ENDED, REGISTERED, SIGNED, BOUND],
        kind,
    )
    gap = np.where(place == 0, 0, rng.integers(3, 75, len(session)))
    total = np.cumsum(gap)
    at = use.start[session] + total - total[first]
    offline = rng.random(len(session)) < 0.01  # sent when the telephone had a network again
    lag = np.where(offline, rng.integers(3_600, 3 * DAY, len(session)), rng.integers(0, 4, len(session)))
    anonymous = ~use.signed_in[session] | ((how != PLAIN) & (place == 0))
    return Events(session, kind, at, at + lag, first_number + np.arange(len(session)), anonymous)


@dataclass(frozen=True)
class AppWorld:
    """What is known about sessions, people, cars and dealers when properties are written."""

    use: AppUse
    people: People
    fleet: Fleet
    dealers: Dealers
    campaigns: Campaigns
    typo_rng: np.random.Generator


def session_ids(session: np.ndarray) -> pa.Array:
    """Return the ids of sessions."""
    return text.join("s-", text.hexadecimal(mix64(session, 11)))


def account_ids(person: np.ndarray) -> pa.Array:
    """Return the user ids of people; null where -1."""
    hashed = (mix64(np.maximum(person, 0), 5) % np.uint64(10)).astype(np.int64)
    return text.blank(text.join("u", text.number(hashed), text.digits(person + 1, 7)), person < 0)


def device_ids(device: np.ndarray) -> pa.Array:
    """Return the anonymous ids of devices."""
    return text.hexadecimal(mix64(device, 7))


def properties(rng: np.random.Generator, world: AppWorld, events: Events) -> pa.Array:
    """Return the properties of events as JSON text, in the order of the events."""
    parts, rows = [], []
    for kind in range(len(EVENTS)):
        own = np.flatnonzero(events.kind == kind)
        if len(own):
            parts.append(_of_kind(rng, world, events, own, kind))
            rows.append(own)
    place = np.empty(len(events.kind), dtype=np.int64)
    place[np.concatenate(rows)] = np.arange(len(place))
    return text.concat(parts).take(pa.array(place))


def _quoted(name: str, values: pa.Array) -> pa.Array:
    return text.join(f'"{name}":"', values, '"')


def _object(*members: pa.Array) -> pa.Array:
    return text.join("{", text.join(*members, sep=","), "}")


def _of_kind(  # noqa: PLR0911 - one branch for each kind of event
    rng: np.random.Generator, world: AppWorld, events: Events, own: np.ndarray, kind: int
) -> pa.Array:
    """Return the properties of the events of one kind."""
    count, session = len(own), events.session[own]
    sid = _quoted("session_id", session_ids(session))
    series = _quoted("series_code", text.pick([s.code for s in SERIES], rng.integers(0, len(SERIES), count)))
    if kind == STARTED:
        os = text.pick(("iOS", "Android"), world.use.device[session] % 2)
        version = text.pick(("5.0.2", "5.1.0", "5.2.1", "6.0.0"), rng.integers(0, 4, count))
        return _object(sid, _quoted("app_version", version), _quoted("os", os))
    if kind == SIGNED:
        return _object(sid)
    if kind == ENDED:
        return _object(
            sid, text.join('"duration_s":', text.number(events.at[own] - world.use.start[session]))
        )
    if kind == SCREEN:
        return _object(sid, _quoted("screen", text.pick(SCREENS, rng.integers(0, len(SCREENS), count))))
    if kind == CONFIGURED:
        number = _quoted("configuration_id", text.join("cfg-", text.digits(events.number[own], 9)))
        return _object(
            sid, number, series, text.join('"price_amt":', text.number(rng.integers(21_900, 79_900, count)))
        )
    if kind == CONTENT:
        content = _quoted("content_id", text.join("c-", text.number(rng.integers(100, 400, count))))
        return _object(
            sid, content, _quoted("action", text.pick(ACTIONS, rng.choice(5, count, p=ACTION_SHARE)))
        )
    return _of_owner(rng, world, events, own, kind, series)


def _registration(world: AppWorld, person: np.ndarray, at: np.ndarray) -> pa.Array:
    seen = contact(world.people, person, at, world.typo_rng, [1.0, 0, 0, 0, 0, 0], typo_share=0.01)
    name = text.join(seen.given_name, " ", seen.family_name)
    phone = text.choose(world.typo_rng.random(len(person)) < 0.3, "null", text.join('"', seen.phone, '"'))
    came_by = world.typo_rng.integers(0, 3, len(person))
    chance = (mix64(person, 23) % np.uint64(100)).astype(np.int64)
    campaign = running_campaign(world.campaigns, at // DAY)
    campaign[(came_by != WEBSITE) | (chance >= CLICKED)] = -1
    channel = _quoted("channel", text.pick(("app_store", "website", "dealer"), came_by))
    return _object(
        _quoted("email", seen.email),
        text.join('"phone":', phone),
        _quoted("full_name", name),
        text.choose((came_by == STORE) & (chance < UNTRACED), '"channel":null', channel),
        text.choose(campaign < 0, '"campaign_id":null', _quoted("campaign_id", campaign_ids(campaign))),
    )


def _of_owner(  # noqa: PLR0911 - one branch for each kind of event
    rng: np.random.Generator, world: AppWorld, events: Events, own: np.ndarray, kind: int, series: pa.Array
) -> pa.Array:
    """Return the properties of events about accounts, cars, dealers, shares and consent."""
    count, session = len(own), events.session[own]
    if kind == REGISTERED:
        return _registration(world, world.use.person[session], events.at[own])
    home = np.maximum(world.use.person[session], 0)
    sid = _quoted("session_id", session_ids(session))
    dealer = _quoted("dealer_id", text.pick(world.dealers.dealer_id, world.people.home_dealer[home]))
    if kind in (BOUND, TRIP, BOOKED):
        car = world.use.bound_car[session] if kind == BOUND else world.use.trip_car[session]
        vin = _quoted("vin", world.fleet.vin.take(pa.array(car)))
        if kind == TRIP:
            return _object(vin, text.join('"distance_km":', text.number(rng.integers(1, 4_000, count) / 10)))
        if kind == BOUND:
            return _object(vin)
        wanted = rfc3339_berlin(events.at[own] + rng.integers(1, 30, count) * DAY)
        return _object(sid, vin, dealer, _quoted("scheduled_for", wanted))
    if kind == ASKED:
        return _object(sid, series, dealer)
    if kind == SHARED:
        share = _quoted("share_id", text.join("sh-", text.digits(events.number[own], 9)))
        return _object(
            share, _quoted("channel", text.pick(("whatsapp", "email", "link"), rng.integers(0, 3, count)))
        )
    purpose = _quoted(
        "purpose", text.pick(("newsletter", "analytics", "location"), rng.integers(0, 3, count))
    )
    return _object(purpose, text.join('"granted":', text.pick(("true", "false"), rng.integers(0, 2, count))))
