"""Orders, deliveries, finance contracts, referrals and stock as the CRM holds them."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, HOUR, NONE, iso_date, local_day, rfc3339_utc
from ingestion.demo.simulation.fleet import Fleet, list_price
from ingestion.demo.simulation.journey import CHANNEL_NAMES
from ingestion.demo.systems import dirt
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.crm_base import dealer_codes, series_codes
from ingestion.demo.systems.crm_leads import Leads
from ingestion.demo.systems.crm_showroom import Showroom, deleted_reason

CANCEL_REASONS = ("delivery_time", "financing_refused", "competitor", "personal", "price")


def sales_entities(world: Showroom, fleet: Fleet, leads: Leads) -> list[Entity]:
    """Return orders, deliveries, finance contracts, referrals and stock units."""
    orders, number, net = _orders(world, fleet)
    delivery, delivered = _deliveries(world, fleet, number, net)
    return [
        orders,
        delivery,
        _financing(world, number, net),
        _referrals(world, leads, delivered),
        _stock(world, fleet),
    ]


def _orders(world: Showroom, fleet: Fleet) -> tuple[Entity, np.ndarray, np.ndarray]:
    """Return the table, each journey's order number (0: none) and its price in EUR with VAT."""
    rng, journeys, end = world.seeds.rng("orders"), world.journeys, world.period.end
    begun = np.where(journeys.intent_at != NONE, journeys.intent_at, journeys.order_at)
    journey = np.flatnonzero(begun != NONE)
    journey = journey[np.argsort(begun[journey], kind="stable")]
    count = len(journey)
    intent, ordered, cancelled = (
        journeys.intent_at[journey],
        journeys.order_at[journey],
        journeys.cancel_at[journey],
    )
    firm = ordered != NONE
    options = np.round(list_price(journeys.series[journey]) * rng.uniform(1.0, 1.22, count), 2)
    price = np.round(options * (1 - rng.beta(4, 38, count)), 2)
    locked = np.where(firm & (rng.random(count) < 0.85), ordered + rng.integers(HOUR, 12 * DAY, count), NONE)
    gone = (locked >= end) | ((cancelled != NONE) & (locked > cancelled))
    delivered = journeys.deliver_at[journey]
    gone |= (delivered != NONE) & (locked > delivered)
    locked = np.where(gone, NONE, locked)
    promised = np.where(
        delivered != NONE, local_day(delivered) + rng.integers(-6, 9, count), local_day(ordered) + 35
    )
    promised = np.where(firm, promised, NONE)
    idle = (ordered == NONE) & (cancelled != NONE)
    deleted = dirt.deleted_at(rng, np.maximum(cancelled, world.period.start), idle, 0.08, end)
    key = text.keys("O", np.arange(1, count + 1), 8)
    has_car = (delivered != NONE) | ((locked != NONE) & (cancelled == NONE))
    channel = text.pick(CHANNEL_NAMES, journeys.channel[journey])
    known = dirt.latest(begun[journey], ordered, locked, cancelled, delivered)
    table = pa.table(
        {
            "order_id": key,
            "card_id": world.cards.key(world.cards.of_journey[journey]),
            "lead_id": text.constant(None, count),
            **world.columns(journey, rng),
            "channel": channel,
            "vin": text.blank(fleet.vin.take(pa.array(np.maximum(fleet.of_journey[journey], 0))), ~has_car),
            "intent_at": rfc3339_utc(intent),
            "ordered_at": rfc3339_utc(ordered),
            "locked_at": rfc3339_utc(locked),
            "cancelled_at": rfc3339_utc(cancelled),
            "cancel_reason": text.pick(
                CANCEL_REASONS, np.where(cancelled != NONE, rng.integers(0, 5, count), -1)
            ),
            "promised_on": iso_date(promised),
            "msrp_amt": pa.array(options),
            "order_amt": pa.array(price),
            "trade_in": pa.array((rng.random(count) < 0.35).astype(np.int64)),
            **world.changes(known, deleted, rng),
        }
    )
    quick = firm & (cancelled != NONE) & (cancelled - ordered <= 7 * DAY)
    why = text.choose(quick, "cancelled within 7 days", text.choose(firm, None, "deposit only"))
    why = text.choose(deleted != NONE, "deleted", why)
    world.tell("order", key, journey, np.where(firm, ordered, intent), why, amount=price, channel=channel)
    number, net = np.zeros(len(journeys), np.int64), np.zeros(len(journeys))
    number[journey], net[journey] = np.arange(1, count + 1), price
    entity = spoil(
        "crm",
        "sales_order",
        table,
        world.seeds.rng("bad", "sales_order"),
        lambda i: {"order_id": f"O9{i:07d}"},
    )
    return entity, number, net


def _deliveries(
    world: Showroom, fleet: Fleet, number: np.ndarray, price: np.ndarray
) -> tuple[Entity, np.ndarray]:
    """Return the table and the journeys delivered, in order of time."""
    rng, journeys = world.seeds.rng("deliveries"), world.journeys
    journey = np.flatnonzero(journeys.deliver_at != NONE)
    journey = journey[np.argsort(journeys.deliver_at[journey], kind="stable")]
    at, count = journeys.deliver_at[journey], len(journey)
    invoice = np.round(price[journey] / 1.19, 2)
    key = text.keys("H", np.arange(1, count + 1), 8)
    columns = world.columns(journey, rng)
    columns.pop("advisor_id")
    never = np.full(count, NONE)
    table = pa.table(
        {
            "delivery_id": key,
            "order_id": text.keys("O", number[journey], 8),
            "card_id": world.cards.key(world.cards.of_journey[journey]),
            **columns,
            "vin": fleet.vin.take(pa.array(fleet.of_journey[journey])),
            "delivered_at": rfc3339_utc(at),
            "invoice_amt": pa.array(invoice),
            "gross_profit_amt": pa.array(np.round(invoice * rng.normal(0.065, 0.02, count), 2)),
            "accessories_amt": pa.array(
                np.round(rng.gamma(1.1, 420.0, count) * (rng.random(count) < 0.7), 2)
            ),
            "insured": pa.array((rng.random(count) < 0.38).astype(np.int64)),
            **world.changes(at, never, rng),
        }
    )
    world.tell("delivery", key, journey, at, deleted_reason(never), amount=invoice)
    entity = spoil(
        "crm", "delivery", table, world.seeds.rng("bad", "delivery"), lambda i: {"delivery_id": f"H9{i:07d}"}
    )
    return entity, journey


def _financing(world: Showroom, number: np.ndarray, price: np.ndarray) -> Entity:
    rng, journeys, end = world.seeds.rng("financing"), world.journeys, world.period.end
    kept = (journeys.order_at != NONE) & (journeys.cancel_at == NONE)
    journey = np.flatnonzero(kept & (rng.random(len(journeys)) < 0.57))
    at = journeys.order_at[journey] + rng.integers(HOUR, 8 * DAY, len(journey))
    journey, at = journey[at < end], at[at < end]
    order = np.argsort(at, kind="stable")
    journey, at = journey[order], at[order]
    count = len(journey)
    amount = np.round(price[journey] * rng.uniform(0.5, 1.0, count), 2)
    key = text.keys("K", np.arange(1, count + 1), 8)
    never = np.full(count, NONE)
    table = pa.table(
        {
            "financing_id": key,
            "order_id": text.keys("O", number[journey], 8),
            "product": text.pick(("loan", "lease", "balloon"), rng.choice(3, count, p=[0.3, 0.5, 0.2])),
            "financed_amt": pa.array(amount),
            "term_months": pa.array(rng.choice([24, 36, 48, 60], count)),
            "signed_at": rfc3339_utc(at),
            **world.changes(at, never, rng),
        }
    )
    world.tell("financing", key, journey, at, deleted_reason(never), amount=amount)
    return spoil(
        "crm",
        "financing",
        table,
        world.seeds.rng("bad", "financing"),
        lambda i: {"financing_id": f"K9{i:07d}"},
    )


def _referrals(world: Showroom, leads: Leads, delivered: np.ndarray) -> Entity:
    """Return recommendations: an owner of before names the lead; none before the first car was handed
    over.
    """
    rng, journeys = world.seeds.rng("referrals"), world.journeys
    lead = np.flatnonzero((leads.channel == CHANNEL_NAMES.index("referral")) & (leads.journey >= 0))
    earlier = np.searchsorted(journeys.deliver_at[delivered], leads.at[lead])
    lead, earlier = lead[earlier > 0], earlier[earlier > 0]
    referrer = delivered[(rng.random(len(lead)) * earlier).astype(np.int64)]
    other = journeys.person[referrer] != leads.person[lead]
    lead, referrer = lead[other], referrer[other]
    at, never = leads.at[lead], np.full(len(lead), NONE)
    key = text.keys("R", np.arange(1, len(lead) + 1), 8)
    table = pa.table(
        {
            "referral_id": key,
            "referrer_card_id": world.cards.key(world.cards.of_journey[referrer]),
            "lead_id": leads.key(lead),
            "created_at": rfc3339_utc(at),
            **world.changes(at, never, rng),
        }
    )
    world.truth.events("referral", key, journeys.person[referrer], at, dealer=leads.dealer[lead])
    return spoil(
        "crm", "referral", table, world.seeds.rng("bad", "referral"), lambda i: {"referral_id": f"R9{i:07d}"}
    )


def _stock(world: Showroom, fleet: Fleet) -> Entity:
    rng, period = world.seeds.rng("stock"), world.period
    unit = np.flatnonzero(fleet.stock_dealer >= 0)
    unit = unit[np.argsort(fleet.arrived_day[unit], kind="stable")]
    arrived, left = fleet.arrived_day[unit], fleet.left_day[unit]
    known = np.maximum(arrived, left) * DAY + 12 * HOUR
    table = pa.table(
        {
            "vin": fleet.vin.take(pa.array(unit)),
            "dealer_id": dealer_codes(world.dealers, fleet.stock_dealer[unit]),
            "series_code": series_codes(fleet.series[unit]),
            "arrived_on": iso_date(arrived),
            "left_on": iso_date(left),
            "updated_at": rfc3339_utc(dirt.changed_at(known, rng, period.end)),
        }
    )
    return spoil(
        "crm",
        "stock_unit",
        table,
        world.seeds.rng("bad", "stock_unit"),
        lambda i: {"vin": f"WHX00000000{i:06d}"},
    )
