"""The way from lead to delivery: who asks which dealer when, and how far each one comes.

Outcomes are drawn by systematic sampling along time within a dealer (see `passes`), so that rates follow
the dealer's true rate closely in any window. With independent draws a dealer with 35 orders would often
differ from its peers by chance as much as a planted weak step does: nothing could be checked.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.base.clock import (
    DAY,
    HOUR,
    NONE,
    Period,
    business_time,
    local_day,
    online_time,
    random_days,
    showroom_time,
)  # fmt: skip
from ingestion.demo.base.seeds import Seeds, weighted
from ingestion.demo.simulation.dealers import VALID_RATE, Dealers
from ingestion.demo.simulation.people import People
from ingestion.demo.simulation.vehicles import SERIES_SHARE

JOURNEYS_PER_PERSON = 1.52
WALK_INS_PER_PERSON = 0.16
CHANNELS = {
    "website": 0.24, "portal": 0.20, "paid_search": 0.10, "organic_search": 0.07, "app": 0.07,
    "campaign": 0.07, "social": 0.07, "phone": 0.08, "email": 0.03, "display": 0.02, "event": 0.02,
    "referral": 0.03,
}  # fmt: skip
CHANNEL_NAMES = (*CHANNELS, "walk_in")
ONLINE_WEEK = [1.05, 1.03, 1.0, 1.0, 0.92, 0.95, 1.08]
SHOWROOM_WEEK = [0.9, 0.9, 0.95, 1.0, 1.2, 1.5, 0.0]
TAIL = 0.02  # share of each step that comes after its window
UNASSIGNED = -1
STEP_TIMES = (
    "assigned_at", "contact_at", "card_at", "visit_at", "test_drive_at", "quote_at", "intent_at", "order_at",
    "cancel_at", "deliver_at",
)  # fmt: skip


@dataclass
class Journeys:
    """Arrays with one entry for each journey, in order of time. Instants are NONE where the step was not
    reached.

    `dealer` is -1 where a lead was never assigned; `channel` points into CHANNEL_NAMES; `card_at` before
    `visit_at`
    except for walk-ins, whose card is made during the visit.
    """

    person: np.ndarray
    dealer: np.ndarray
    series: np.ndarray
    channel: np.ndarray
    walk_in: np.ndarray
    lead_at: np.ndarray
    valid: np.ndarray
    assigned_at: np.ndarray
    contact_at: np.ndarray
    card_at: np.ndarray
    visit_at: np.ndarray
    test_drive_at: np.ndarray
    quote_at: np.ndarray
    intent_at: np.ndarray
    order_at: np.ndarray
    cancel_at: np.ndarray
    deliver_at: np.ndarray

    def __len__(self) -> int:
        """Return the number of journeys."""
        return len(self.person)


def passes(rng: np.random.Generator, group: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Return which rows pass, by systematic sampling: rows must be in order of time, groups are sampled
    apart.

    In every run of rows of a group the number that passes differs from the sum of the chances by less than 1.
    """
    order = np.argsort(group, kind="stable")
    total = np.cumsum(chance[order])
    sorted_group = group[order]
    first = (
        np.concatenate([[True], sorted_group[1:] != sorted_group[:-1]]) if len(group) else np.zeros(0, bool)
    )
    base = np.repeat((total - chance[order])[first], np.diff(np.append(np.flatnonzero(first), len(group))))
    start = np.repeat(rng.random(first.sum()), np.diff(np.append(np.flatnonzero(first), len(group))))
    level = total - base + start
    passed = np.empty(len(group), dtype=bool)
    passed[order] = np.floor(level) > np.floor(level - chance[order])
    return passed


def simulate_journeys(seeds: Seeds, people: People, dealers: Dealers, period: Period) -> Journeys:
    """Return all journeys that began in the period; whatever would happen after it has not happened
    (NONE).
    """
    journeys = _begin(seeds, people, dealers, period)
    _reach_card(seeds, journeys, dealers)
    _reach_showroom(seeds, journeys, dealers)
    _reach_order(seeds, journeys, dealers)
    _cut(journeys, period.end)
    return journeys


def _begin(seeds: Seeds, people: People, dealers: Dealers, period: Period) -> Journeys:
    """Draw who asks or walks in, when, where and for what."""
    rng = seeds.rng("journeys")
    leads, walk_ins = round(len(people) * JOURNEYS_PER_PERSON), round(len(people) * WALK_INS_PER_PERSON)
    count = leads + walk_ins
    person = weighted(rng, rng.gamma(1.2, 1.0, len(people)) + 0.05, count)
    walk_in = np.arange(count) >= leads
    days = np.where(
        walk_in,
        random_days(rng, period, count, SHOWROOM_WEEK, 0.15),
        random_days(rng, period, count, ONLINE_WEEK, 0.15),
    )
    begun = np.where(walk_in, showroom_time(days, rng), online_time(days, rng))
    dealer = _dealer(rng, people.home_dealer[person], dealers)
    dealer = np.where(~walk_in & (rng.random(count) < 0.01), UNASSIGNED, dealer)
    channel = weighted(rng, np.array(list(CHANNELS.values())), count)
    order = np.argsort(begun, kind="stable")
    never = np.full(count, NONE)
    series = weighted(rng, SERIES_SHARE, count)
    return Journeys(
        person=person[order],
        dealer=dealer[order],
        series=series,
        channel=np.where(walk_in, len(CHANNELS), channel)[order],
        walk_in=walk_in[order],
        lead_at=begun[order],
        valid=np.zeros(count, dtype=bool),
        **{name: never.copy() for name in STEP_TIMES},
    )


def _dealer(rng: np.random.Generator, home: np.ndarray, dealers: Dealers) -> np.ndarray:
    """Return the dealer asked: mostly the home dealer, else another one of the state."""
    state = dealers.state
    others = [
        np.flatnonzero((state == state[d]) & (np.arange(len(dealers)) != d)) for d in range(len(dealers))
    ]
    width = max(len(row) for row in others)
    options = np.array([np.resize(row if len(row) else [d], width) for d, row in enumerate(others)])
    away = rng.random(len(home)) < 0.10
    return np.where(away, options[home, rng.integers(0, width, len(home))], home)


def _delay(rng: np.random.Generator, size: int, median: float, sigma: float, window: float) -> np.ndarray:
    """Return seconds: log-normal with a median in days, within the window but for a small tail beyond it."""
    days = np.minimum(median * np.exp(rng.normal(0, sigma, size)), window * rng.uniform(0.6, 0.95, size))
    late = rng.random(size) < TAIL
    return (np.where(late, window * rng.uniform(1.05, 1.9, size), days) * DAY).astype(np.int64)


def _reach_card(seeds: Seeds, journeys: Journeys, dealers: Dealers) -> None:
    """Lead to card: judged valid or not, assigned, contacted, carded within seven days."""
    rng = seeds.rng("step_card")
    rows = np.flatnonzero(~journeys.walk_in)
    dealer = journeys.dealer[rows]
    assigned = dealer != UNASSIGNED
    journeys.valid[rows] = passes(rng, dealer, np.full(len(rows), VALID_RATE)) & (
        assigned | (rng.random(len(rows)) < 0.4)
    )
    journeys.valid[journeys.walk_in] = True
    lead_at = journeys.lead_at[rows]
    handed = business_time(lead_at + rng.integers(120, 3 * HOUR, len(rows)), rng)
    answered = business_time(handed + (np.exp(rng.normal(4.0, 1.3, len(rows))) * 60).astype(np.int64), rng)
    journeys.assigned_at[rows] = np.where(assigned, handed, NONE)
    tried = assigned & (rng.random(len(rows)) < 0.93)
    rows = rows[journeys.valid[rows] & assigned]
    dealer = journeys.dealer[rows]
    carded = rows[passes(rng, dealer, dealers.rate[dealer, 0] / VALID_RATE)]
    at = np.full(len(journeys), NONE)
    base = journeys.assigned_at[carded]
    at[carded] = business_time(base + _delay(rng, len(carded), 0.9, 0.9, 6.2), rng)
    journeys.card_at[:] = at
    every = np.flatnonzero(~journeys.walk_in)
    contact = np.where(tried | (at[every] != NONE), answered, NONE)
    journeys.contact_at[every] = np.where(at[every] != NONE, np.minimum(contact, at[every]), contact)
    walk_in = np.flatnonzero(journeys.walk_in)
    journeys.visit_at[walk_in] = journeys.lead_at[walk_in]
    keeps = walk_in[rng.random(len(walk_in)) < 0.7]
    journeys.card_at[keeps] = journeys.visit_at[keeps] + rng.integers(600, 3_000, len(keeps))


def _stratum(journeys: Journeys, rows: np.ndarray) -> np.ndarray:
    """Return dealer and way in: leads and walk-ins are sampled apart, since funnels follow leads only."""
    return journeys.dealer[rows] * 2 + journeys.walk_in[rows]


def _reach_showroom(seeds: Seeds, journeys: Journeys, dealers: Dealers) -> None:
    """Card to visit within 30 days of the lead, visit to test drive: the same day or some days later."""
    rng = seeds.rng("step_visit")
    rows = np.flatnonzero((journeys.card_at != NONE) & ~journeys.walk_in)
    dealer = journeys.dealer[rows]
    rows = rows[passes(rng, dealer, dealers.rate[dealer, 1])]
    card_at = journeys.card_at[rows]
    window = 27 - (card_at - journeys.lead_at[rows]) / DAY
    wanted = local_day(card_at + _delay(rng, len(rows), 6.0, 0.7, np.maximum(window, 2.0)))
    journeys.visit_at[rows] = np.maximum(showroom_time(wanted, rng), business_time(card_at + 2 * HOUR, rng))
    rng = seeds.rng("step_test_drive")
    rows = np.flatnonzero((journeys.visit_at != NONE) & (journeys.card_at != NONE))
    dealer = journeys.dealer[rows]
    rows = rows[passes(rng, _stratum(journeys, rows), dealers.rate[dealer, 2])]
    visit_at = journeys.visit_at[rows]
    same_day = visit_at + rng.integers(1_200, 4_500, len(rows))
    window = 28 - (visit_at - journeys.lead_at[rows]) / DAY
    later = showroom_time(
        local_day(visit_at) + 1 + (rng.random(len(rows)) * np.clip(window - 2, 0, 6)).astype(np.int64), rng
    )
    later = np.where(rng.random(len(rows)) < TAIL, later + 30 * DAY, later)
    again = (rng.random(len(rows)) < 0.15) & (window > 3)
    journeys.test_drive_at[rows] = np.where(again, later, same_day)


def _reach_order(seeds: Seeds, journeys: Journeys, dealers: Dealers) -> None:
    """Test drive to quote, deposit and order, order to delivery or cancellation."""
    rng = seeds.rng("step_order")
    drove = np.flatnonzero(journeys.test_drive_at != NONE)
    dealer = journeys.dealer[drove]
    ordered = passes(rng, _stratum(journeys, drove), dealers.rate[dealer, 3])
    drove_at = journeys.test_drive_at[drove]
    quoted = ordered | (rng.random(len(drove)) < 0.55)
    quote_at = business_time(drove_at + (rng.gamma(1.2, 1.0, len(drove)) * DAY).astype(np.int64) + 1_800, rng)
    window = np.maximum(86 - (quote_at - journeys.lead_at[drove]) / DAY, 4)
    order_at = business_time(quote_at + HOUR + _delay(rng, len(drove), 9.0, 0.9, window), rng)
    regretted = ~ordered & quoted & (rng.random(len(drove)) < 0.025)  # ordered and cancelled within a week
    deposit_only = ~ordered & ~regretted & quoted & (rng.random(len(drove)) < 0.03)
    deposit = deposit_only | ((ordered | regretted) & (rng.random(len(drove)) < 0.35))
    journeys.quote_at[drove] = np.where(quoted, quote_at, NONE)
    journeys.order_at[drove] = np.where(ordered | regretted, order_at, NONE)
    share = rng.uniform(0.2, 0.95, len(drove))
    journeys.intent_at[drove] = np.where(
        deposit, quote_at + ((order_at - quote_at) * share).astype(np.int64), NONE
    )
    fast = order_at + rng.integers(DAY, 6 * DAY, len(drove))
    returned = deposit_only & (rng.random(len(drove)) < 0.7)
    journeys.cancel_at[drove] = np.where(regretted, fast, np.where(returned, order_at + 3 * DAY, NONE))
    rng = seeds.rng("step_delivery")
    rows = drove[ordered]
    dealer = journeys.dealer[rows]
    delivered = passes(rng, _stratum(journeys, rows), dealers.rate[dealer, 4])
    order_at = journeys.order_at[rows]
    hand_over = showroom_time(local_day(order_at + 2 * DAY + _delay(rng, len(rows), 26.0, 0.45, 55.0)), rng)
    journeys.deliver_at[rows] = np.where(delivered, hand_over, NONE)
    withdrawn = ~delivered & (rng.random(len(rows)) < 0.8)
    journeys.cancel_at[rows] = np.where(
        withdrawn, order_at + rng.integers(9 * DAY, 70 * DAY, len(rows)), NONE
    )


def _cut(journeys: Journeys, end: int) -> None:
    """Forget what would happen after the end; steps follow one another in time, so no later step is left
    alone.
    """
    for name in STEP_TIMES:
        values = getattr(journeys, name)
        values[values >= end] = NONE
