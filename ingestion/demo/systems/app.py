"""The app's collector files: one a month, lines in the order in which they were received, with repeats
and bad lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, Period, month_text, months_of, rfc3339_utc
from ingestion.demo.base.seeds import Seeds, mix64
from ingestion.demo.simulation.app_use import AppUse
from ingestion.demo.simulation.campaigns import Campaigns
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.fleet import Fleet
from ingestion.demo.simulation.people import People
from ingestion.demo.systems.app_events import (
    EVENTS,
    REGISTERED,
    AppWorld,
    Events,
    account_ids,
    device_ids,
    expand,
    properties,
)
from ingestion.demo.truth import Truth

REPEATED, BAD = 0.003, 0.002


@dataclass(frozen=True)
class MonthFile:
    """The lines of one file, each with its line end, in order."""

    name: str
    lines: pa.Array


def app_files(
    seeds: Seeds,
    people: People,
    fleet: Fleet,
    dealers: Dealers,
    campaigns: Campaigns,
    use: AppUse,
    period: Period,
    truth: Truth,
) -> Iterator[MonthFile]:
    """Yield the files month by month (of receipt, UTC), telling the truth on the way; one month is held
    at a time.
    """
    world = AppWorld(use, people, fleet, dealers, campaigns, seeds.rng("app_registrations"))
    month_of_session = months_of(use.start // DAY)
    waiting: list[tuple[np.ndarray, pa.Array]] = []
    first_number = 0
    seen_device, seen_account = np.zeros(len(use.device_owner), bool), np.zeros(len(people), bool)
    last = int(months_of(np.array([(period.end - 1) // DAY]))[0])
    for month in range(int(month_of_session.min(initial=last)), last + 1):
        sessions = np.flatnonzero(month_of_session == month)
        if len(sessions):
            rng = seeds.rng("app_events", month)
            events = expand(rng, use, sessions, first_number)
            first_number += len(events.kind)
            lines = _lines(rng, world, events)
            arrived = np.flatnonzero(events.received_at < period.end)
            _tell(truth, world, events, arrived)
            seen_device[use.device[events.session[arrived]]] = True
            named = arrived[~events.anonymous[arrived]]
            seen_account[use.person[events.session[named]]] = True
            waiting.append((events.received_at[arrived], lines.take(pa.array(arrived))))
            waiting += _repeats(rng, events, lines, arrived, period)
        file, waiting = _file(seeds, month, waiting, truth)
        yield file
    device, account = np.flatnonzero(seen_device), np.flatnonzero(seen_account)
    truth.records("app", "device", device_ids(device), use.device_owner[device])
    truth.records("app", "account", account_ids(account), account)


def _lines(rng: np.random.Generator, world: AppWorld, events: Events) -> pa.Array:
    """Return the events as lines in the shape of Segment's track call."""
    use = world.use
    user = account_ids(np.where(events.anonymous, -1, use.person[events.session]))
    user = text.choose(events.anonymous, '"userId":null', text.join('"userId":"', user, '"'))
    os = text.pick(('{"os":{"name":"iOS"}}', '{"os":{"name":"Android"}}'), use.device[events.session] % 2)
    return text.join(
        '{"messageId":"',
        message_ids(events.number),
        '","type":"track","event":"',
        text.pick(EVENTS, events.kind),
        '",',
        user,
        ',"anonymousId":"',
        device_ids(use.device[events.session]),
        '","timestamp":"',
        rfc3339_utc(events.at),
        '","receivedAt":"',
        rfc3339_utc(events.received_at),
        '","context":',
        os,
        ',"properties":',
        properties(rng, world, events),
        "}\n",
    )


def message_ids(number: np.ndarray) -> pa.Array:
    """Return the ids of events."""
    return text.hexadecimal(mix64(number, 3))


def _tell(truth: Truth, world: AppWorld, events: Events, arrived: np.ndarray) -> None:
    """Tell the truth; who used a shared or never signed-in device without a login is not known to anybody."""
    use = world.use
    session = events.session[arrived]
    owner = use.device_owner[use.device[session]]
    person = np.where(events.anonymous[arrived], owner, use.person[session])
    key, at = message_ids(events.number[arrived]), events.at[arrived]
    truth.events("app_event", key, person, at, channel=text.pick(EVENTS, events.kind[arrived]))
    joined = np.flatnonzero(events.kind[arrived] == REGISTERED)
    truth.events("app_registration", key.take(pa.array(joined)), person[joined], at[joined])


def _repeats(
    rng: np.random.Generator, events: Events, lines: pa.Array, arrived: np.ndarray, period: Period
) -> list[tuple[np.ndarray, pa.Array]]:
    """Return lines that the telephone sent once more: the same messageId, received a little later."""
    again = arrived[rng.random(len(arrived)) < REPEATED]
    when = events.received_at[again] + rng.integers(2, 7_200, len(again))
    again, when = again[when < period.end], when[when < period.end]
    return [(when, lines.take(pa.array(again)))]


def _file(
    seeds: Seeds, month: int, waiting: list[tuple[np.ndarray, pa.Array]], truth: Truth
) -> tuple[MonthFile, list[tuple[np.ndarray, pa.Array]]]:
    """Return the month's file and what is received only later."""
    name = f"events-{month_text(np.array([month]))[0].as_py()}.jsonl"
    if not waiting:
        return MonthFile(name, text.concat([])), []
    received, lines = np.concatenate([w[0] for w in waiting]), text.concat([w[1] for w in waiting])
    now = months_of(received // DAY) <= month
    later = np.flatnonzero(~now)
    rest = [(received[later], lines.take(pa.array(later)))] if len(later) else []
    due = np.flatnonzero(now)
    received, lines = received[due], lines.take(pa.array(due))
    rng = seeds.rng("bad_lines", month)
    bad, why, when = _bad_lines(rng, month, received, lines)
    lines = text.concat([lines, bad])
    order = np.argsort(np.concatenate([received, when]), kind="stable")
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(1, len(order) + 1)
    places = [f"{name}:line {line}" for line in position[len(received) :]]
    truth.bad_lines("app", "event", places, why)
    return MonthFile(name, lines.take(pa.array(order))), rest


def _bad_lines(
    rng: np.random.Generator, month: int, received: np.ndarray, lines: pa.Array
) -> tuple[pa.Array, list[str], np.ndarray]:
    """Return spoiled copies of lines under new ids, why each is bad, and when it was received."""
    count = min(len(received), max(2, round(len(received) * BAD)))
    chosen = rng.integers(0, max(len(received), 1), count)
    bad, why = [], []
    for i, line in enumerate(lines.take(pa.array(chosen)).to_pylist()):
        body = line.rstrip("\n")
        fresh = '{"messageId":"bad' + f"{month:05d}{i:08d}" + body[body.index('","type"') :]
        how = i % 5
        if how == 0:
            bad.append(fresh[: len(fresh) // 2])
            why.append("JSON cut off")
        elif how == 1:
            start = fresh.index('"event":"') + 9
            bad.append(fresh[:start] + "app_rated" + fresh[fresh.index('"', start) :])
            why.append("unknown event")
        elif how == 2:
            bad.append(fresh.replace('"timestamp":"', '"timestamp_text":"', 1))
            why.append("required value missing: timestamp")
        elif how == 3:
            bad.append(fresh.replace('"type":"track"', '"type":7', 1))
            why.append("wrong type: type")
        else:
            bad.append(fresh[: fresh.index('"properties":')] + '"properties":[]}')
            why.append("wrong type: properties")
    return pa.array([line + "\n" for line in bad], pa.string()), why, received[chosen]
