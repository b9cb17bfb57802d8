"""Leads and customer cards as the CRM holds them: repeats, test leads, two dealers for one person, shared
telephones.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, HOUR, NONE, Period, business_time, iso_date, rfc3339_utc
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.journey import CHANNEL_NAMES, Journeys
from ingestion.demo.simulation.people import People
from ingestion.demo.systems import dirt
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.contacts import NATIONAL, contact, phone_text
from ingestion.demo.systems.crm_base import Staff, dealer_codes, series_codes
from ingestion.demo.truth import Truth

ORIGINAL, REPEAT, OTHER_DEALER, TEST = range(4)
LOST_REASONS = ("price", "competitor", "no_contact", "postponed", "no_interest", "advisor_decision")
ANY_PHONE = [0.35, 0.2, 0.15, 0.1, 0.05, 0.15]
CRM_PHONE = [0.6, 0.2, 0.1, 0.0, 0.0, 0.1]


@dataclass(frozen=True)
class Leads:
    """Raw leads in order of time; entry i is lead number i + 1. `journey` is -1 for test leads."""

    journey: np.ndarray
    kind: np.ndarray
    person: np.ndarray
    dealer: np.ndarray
    series: np.ndarray
    channel: np.ndarray
    at: np.ndarray
    deleted_at: np.ndarray

    def key(self, number: np.ndarray) -> pa.Array:
        """Return lead ids of positions; null where -1."""
        return text.keys("L", np.where(number < 0, -1, number + 1), 8)


@dataclass(frozen=True)
class Cards:
    """Cards in order of time; entry i is card number i + 1. `of_journey` gives the card of a journey or
    -1.
    """

    person: np.ndarray
    dealer: np.ndarray
    series: np.ndarray
    channel: np.ndarray
    lead: np.ndarray
    at: np.ndarray
    deleted_at: np.ndarray
    of_journey: np.ndarray

    def key(self, number: np.ndarray) -> pa.Array:
        """Return card ids of positions; null where -1."""
        return text.keys("C", np.where(number < 0, -1, number + 1), 8)


def make_leads(seeds: Seeds, journeys: Journeys, dealers: Dealers, period: Period) -> Leads:
    """Return raw leads: one for each journey, repeats within days, a second dealer asked, and test leads."""
    rng = seeds.rng("leads")
    own = np.flatnonzero(~journeys.walk_in)
    repeat = own[rng.random(len(own)) < 0.075]
    known = own[journeys.dealer[own] >= 0]
    other = known[rng.random(len(known)) < 0.025]
    tests = np.full(max(5, round(len(own) * 0.005)), -1)
    journey = np.concatenate([own, repeat, other, tests])
    sizes = [len(own), len(repeat), len(other), len(tests)]
    kind = np.repeat([ORIGINAL, REPEAT, OTHER_DEALER, TEST], sizes)
    at = journeys.lead_at[journey]
    wait = np.select(
        [kind == REPEAT, kind == OTHER_DEALER],
        [
            (rng.exponential(1.2, len(kind)) * DAY).astype(np.int64) + 300,
            rng.integers(HOUR, 9 * DAY, len(kind)),
        ],
    )
    at = np.where(kind == TEST, rng.integers(period.start, period.end, len(kind)), at + wait)
    state = dealers.state
    neighbour = np.array([_neighbour(state, d) for d in range(len(dealers))])
    dealer = journeys.dealer[journey]
    dealer = np.where(kind == OTHER_DEALER, neighbour[dealer], dealer)
    dealer = np.where(kind == TEST, rng.integers(0, len(dealers), len(kind)), dealer)
    carded = (journey >= 0) & (journeys.card_at[journey] != NONE)
    deleted = dirt.deleted_at(rng, at, ((kind == ORIGINAL) & ~carded) | (kind == REPEAT), 0.008, period.end)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < period.end]
    fields = (
        journey,
        kind,
        np.where(kind == TEST, -1, journeys.person[journey]),
        dealer,
        journeys.series[journey],
        journeys.channel[journey],
        at,
        deleted,
    )
    return Leads(*(values[order] for values in fields))


def _neighbour(state: np.ndarray, dealer: int) -> int:
    """Return another dealer of the same state (the same one where there is no other)."""
    others = np.flatnonzero((state == state[dealer]) & (np.arange(len(state)) != dealer))
    return int(others[dealer % len(others)]) if len(others) else dealer


def make_cards(seeds: Seeds, journeys: Journeys, leads: Leads, period: Period) -> Cards:
    """Return cards: one for each journey that came so far, and one at the second dealer asked."""
    rng = seeds.rng("cards")
    original = np.full(len(journeys), -1)
    rows = np.flatnonzero(leads.kind == ORIGINAL)
    original[leads.journey[rows]] = rows
    own = np.flatnonzero(journeys.card_at != NONE)
    lead = np.where(journeys.walk_in[own], -1, original[own])
    repeats = np.flatnonzero((leads.kind == REPEAT) & (leads.deleted_at == NONE))
    last = np.full(len(journeys), -1)
    last[leads.journey[repeats]] = repeats
    usable = (last[own] >= 0) & (leads.at[last[own]] < journeys.card_at[own]) & (rng.random(len(own)) < 0.4)
    lead = np.where(usable, last[own], lead)
    second = np.flatnonzero((leads.kind == OTHER_DEALER) & (rng.random(len(leads.at)) < 0.45))
    second_at = business_time(leads.at[second] + rng.integers(HOUR, 2 * DAY, len(second)), rng)
    lead, at = np.concatenate([lead, second]), np.concatenate([journeys.card_at[own], second_at])
    journey = np.concatenate([own, leads.journey[second]])
    dealer = np.concatenate([journeys.dealer[own], leads.dealer[second]])
    is_second = np.arange(len(at)) >= len(own)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < period.end]
    lead, at, journey, dealer, is_second = (
        values[order] for values in (lead, at, journey, dealer, is_second)
    )
    of_journey = np.full(len(journeys), -1)
    of_journey[journey[~is_second]] = np.flatnonzero(~is_second)
    idle = is_second | ((journeys.visit_at[journey] == NONE) & (at < period.end - 60 * DAY))
    deleted = dirt.deleted_at(rng, at, idle, 0.006, period.end)
    channel = np.where(lead >= 0, leads.channel[lead], journeys.channel[journey])
    return Cards(
        journeys.person[journey], dealer, journeys.series[journey], channel, lead, at, deleted, of_journey
    )


def lead_entity(
    seeds: Seeds,
    leads: Leads,
    journeys: Journeys,
    context: tuple[People, Dealers, Staff, Period, pa.Array],
    truth: Truth,
) -> Entity:
    """Return crm.lead; the last of `context` is the campaign of each lead (null: none)."""
    people, dealers, staff, period, campaign = context
    rng, end, count = seeds.rng("lead_table"), period.end, len(leads.at)
    who, is_test = np.maximum(leads.person, 0), leads.kind == TEST
    seen = contact(people, who, leads.at, rng, ANY_PHONE)
    turned = rng.random(count) < 0.08
    name = text.choose(
        turned,
        text.join(seen.family_name, ", ", seen.given_name),
        text.join(seen.given_name, " ", seen.family_name),
    )
    name = text.choose(people.is_company[who], seen.organisation, name)
    name = dirt.sometimes_missing(name, rng, 0.015)
    how = rng.random(count)  # nearly everyone leaves an e-mail or a telephone number
    email = dirt.placeholders(text.blank(seen.email, how < 0.20), rng, 0.012)
    journey = leads.journey
    own = (leads.kind == ORIGINAL) | (leads.kind == REPEAT)
    valid, won = journeys.valid[journey] & ~is_test, own & (journeys.order_at[journey] != NONE)
    young = leads.at > end - 2 * DAY
    decided = leads.at + rng.integers(5 * DAY, 80 * DAY, count)
    lost = ~won & (decided < end) & ~young
    judged_at = np.minimum(leads.at + rng.integers(600, DAY, count), end - 1)
    lost_at = np.where(lost, decided, NONE)
    wait = np.where(leads.kind == REPEAT, leads.at - journeys.lead_at[journey], 0)

    def step(values: np.ndarray) -> np.ndarray:
        moved = np.where(own & (values[journey] != NONE), values[journey] + wait, NONE)
        return np.where(moved >= end, NONE, moved)

    assigned, contacted = step(journeys.assigned_at), step(journeys.contact_at)
    changed = dirt.latest(
        judged_at, lost_at, assigned, contacted, np.where(won, journeys.order_at[journey], NONE)
    )
    key = leads.key(np.arange(count))
    status = np.select([young, won, lost], [0, 2, 3], 1)
    reason = np.where(lost, np.where(valid, rng.integers(0, 6, count), 2), -1)
    channel = text.pick(CHANNEL_NAMES, leads.channel)
    fields = {
        "lead_id": key,
        "dealer_id": dealer_codes(dealers, leads.dealer),
        "advisor_id": dirt.sometimes_missing(staff.of(leads.dealer, rng.random(count)), rng, 0.06),
        "series_code": dirt.sometimes_missing(series_codes(leads.series), rng, 0.02),
        "channel": channel,
        "campaign_id": campaign,
        "full_name": text.choose(is_test, "Test Test", name),
        "email": text.choose(is_test, "test@test.de", email),
        "phone": text.choose(is_test, "0123456789", text.blank(seen.phone, how > 0.76)),
        "postal_code": dirt.sometimes_missing(seen.postal_code, rng, 0.25),
        "is_test": pa.array(is_test.astype(np.int64)),
        "is_valid": pa.array(valid.astype(np.int64), mask=young & (rng.random(count) < 0.7)),
        "status": text.pick(("new", "open", "won", "lost"), status),
        "lost_reason": text.pick(LOST_REASONS, reason),
        "lost_at": rfc3339_utc(lost_at),
        "created_at": rfc3339_utc(leads.at),
        "assigned_at": rfc3339_utc(assigned),
        "first_contact_at": rfc3339_utc(contacted),
        "reached": pa.array((valid & (rng.random(count) < 0.85)).astype(np.int64), mask=contacted == NONE),
        "updated_at": rfc3339_utc(dirt.latest(dirt.changed_at(changed, rng, end), leads.deleted_at)),
        "deleted_at": rfc3339_utc(leads.deleted_at),
    }
    truth.records("crm", "lead", key, np.where(is_test, -1, leads.person))
    why = text.choose(leads.deleted_at != NONE, "deleted", text.choose(is_test, "test", None))
    stored = fields["series_code"].is_valid().to_numpy(zero_copy_only=False)
    series = np.where(stored, leads.series, -1)
    truth.events(
        "lead",
        key,
        np.where(is_test, -1, leads.person),
        leads.at,
        dealer=leads.dealer,
        series=series,
        channel=channel,
        reason=why,
    )
    return spoil(
        "crm", "lead", pa.table(fields), seeds.rng("bad", "lead"), lambda i: {"lead_id": f"L9{i:07d}"}
    )


def card_entity(
    seeds: Seeds, cards: Cards, leads: Leads, context: tuple[People, Dealers, Staff, Period], truth: Truth
) -> Entity:
    """Return crm.card; some dealers typed their own number or e-mail on dozens of cards."""
    people, dealers, staff, period = context
    rng, end, count = seeds.rng("card_table"), period.end, len(cards.at)
    seen = contact(people, cards.person, cards.at, rng, CRM_PHONE, typo_share=0.025)
    phone = dirt.sometimes_missing(seen.phone, rng, 0.24)
    email = dirt.placeholders(dirt.sometimes_missing(seen.email, rng, 0.30), rng, 0.02)
    lazy = rng.permutation(len(dealers))[: max(1, round(len(dealers) * 0.06))]
    rank = _rank_in_group(cards.dealer, rng)
    own_phone = np.isin(cards.dealer, lazy) & (rank < 50)
    phone = text.choose(own_phone, phone_text(dealers.phone[cards.dealer], np.full(count, NATIONAL)), phone)
    own_email = np.isin(cards.dealer, lazy) & (rank >= 50) & (rank < 70)
    email = text.choose(own_email, text.pick(dealers.email, cards.dealer), email)
    knows_birth = (rng.random(count) < 0.55) & (seen.birth_day != NONE)
    key, channel = cards.key(np.arange(count)), text.pick(CHANNEL_NAMES, cards.channel)
    salutation = np.where(people.is_company[cards.person], -1, people.female[cards.person].astype(np.int64))
    corrected = np.where(rng.random(count) < 0.12, cards.at + rng.integers(DAY, 200 * DAY, count), cards.at)
    fields = {
        "card_id": key,
        "lead_id": leads.key(cards.lead),
        "dealer_id": dealer_codes(dealers, cards.dealer),
        "advisor_id": staff.of(cards.dealer, rng.random(count)),
        "series_code": dirt.sometimes_missing(series_codes(cards.series), rng, 0.03),
        "channel": channel,
        "salutation": dirt.sometimes_missing(text.pick(("Herr", "Frau"), salutation), rng, 0.1),
        "given_name": seen.given_name,
        "family_name": seen.family_name,
        "birth_date": iso_date(np.where(knows_birth, seen.birth_day, NONE)),
        "organisation": seen.organisation,
        "email": email,
        "phone": phone,
        "street": dirt.sometimes_missing(seen.street, rng, 0.2),
        "postal_code": dirt.sometimes_missing(seen.postal_code, rng, 0.08),
        "city": dirt.sometimes_missing(seen.city, rng, 0.08),
        "created_at": rfc3339_utc(cards.at),
        "updated_at": rfc3339_utc(dirt.latest(dirt.changed_at(corrected, rng, end), cards.deleted_at)),
        "deleted_at": rfc3339_utc(cards.deleted_at),
    }
    truth.records("crm", "card", key, cards.person)
    why = text.choose(cards.deleted_at != NONE, "deleted", None)
    stored = fields["series_code"].is_valid().to_numpy(zero_copy_only=False)
    truth.events(
        "card",
        key,
        cards.person,
        cards.at,
        dealer=cards.dealer,
        series=np.where(stored, cards.series, -1),
        channel=channel,
        reason=why,
    )
    return spoil(
        "crm", "card", pa.table(fields), seeds.rng("bad", "card"), lambda i: {"card_id": f"C9{i:07d}"}
    )


def _rank_in_group(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a random rank (0 first) of each row within its group."""
    order = np.lexsort((rng.random(len(group)), group))
    ranked = group[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.append(starts, len(group))))
    return rank
