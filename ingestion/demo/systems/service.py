"""What the workshop system holds: customers and vehicles, its own number for every change, local times."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, NONE, Period, german_date, local_day, local_text
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.fleet import Fleet, plates
from ingestion.demo.simulation.geography import TOWNS
from ingestion.demo.simulation.people import People
from ingestion.demo.simulation.vehicles import BRAND, SERIES
from ingestion.demo.simulation.workshop import Accounts, Visits
from ingestion.demo.systems import dirt
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.contacts import contact
from ingestion.demo.systems.crm_base import dealer_codes
from ingestion.demo.truth import Truth

FIRST_CUSTOMER = 10_001
KEYS = {
    "customer": "customer_no",
    "vehicle": "customer_no",
    "appointment": "appointment_no",
    "repair_order": "order_no",
    "repair_order_line": "order_no",
    "warranty_claim": "claim_no",
    "survey": "survey_no",
    "recall_vehicle": "recall_no",
    "complaint": "complaint_no",
}
WORKSHOP_PHONE = [0.05, 0.35, 0.3, 0.1, 0.1, 0.1]


@dataclass(frozen=True)
class Workshop:
    """What the builders of the workshop's tables share."""

    seeds: Seeds
    people: People
    fleet: Fleet
    visits: Visits
    accounts: Accounts
    dealers: Dealers
    period: Period
    truth: Truth


@dataclass(frozen=True)
class Dated:
    """A table without its change numbers, and when each row last changed."""

    name: str
    table: pa.Table
    changed_at: np.ndarray


def customers(shop: Workshop) -> Dated:
    """Return service.customer; names stand as "Family, Given"."""
    rng, accounts = shop.seeds.rng("service_customer"), shop.accounts
    person, at, count = accounts.person, accounts.opened_at, len(accounts.person)
    seen = contact(shop.people, person, at, rng, WORKSHOP_PHONE, typo_share=0.03, old_share=0.05)
    firm = shop.people.is_company[person]
    name = text.choose(firm, seen.organisation, text.join(seen.family_name, ", ", seen.given_name))
    knows_birth = (rng.random(count) < 0.62) & (seen.birth_day != NONE)
    number = np.arange(count) + FIRST_CUSTOMER
    gender = np.where(firm, 2, shop.people.female[person].astype(np.int64))
    table = pa.table(
        {
            "customer_no": pa.array(number),
            "title": dirt.sometimes_missing(text.pick(("Herr", "Frau", "Firma"), gender), rng, 0.08),
            "name": name,
            "is_company": pa.array(firm.astype(np.int64)),
            "birth_date": german_date(np.where(knows_birth, seen.birth_day, NONE)),
            "email": dirt.placeholders(dirt.sometimes_missing(seen.email, rng, 0.34), rng, 0.02),
            "phone": dirt.sometimes_missing(seen.phone, rng, 0.14),
            "street": dirt.sometimes_missing(seen.street, rng, 0.05),
            "zip": dirt.sometimes_missing(seen.postal_code, rng, 0.04),
            "city": dirt.sometimes_missing(seen.city, rng, 0.04),
            "dealer_code": dealer_codes(shop.dealers, accounts.dealer),
            "created_at": local_text(at),
            "voided": pa.repeat(0, count),
        }
    )
    shop.truth.records("service", "customer", text.number(number), person)
    corrected = np.where(rng.random(count) < 0.1, at + rng.integers(DAY, 300 * DAY, count), at)
    return Dated("customer", table, np.minimum(corrected, shop.period.end - 1))


def vehicles(shop: Workshop) -> Dated:
    """Return service.vehicle: one row for each car and account that brought it in."""
    rng, fleet, visits = shop.seeds.rng("service_vehicle"), shop.fleet, shop.visits
    pair, first = np.unique(visits.account * (len(fleet.series) + 1) + visits.car, return_index=True)
    order = np.argsort(first, kind="stable")
    pair, first = pair[order], first[order]
    account, car = pair // (len(fleet.series) + 1), pair % (len(fleet.series) + 1)
    count, person = len(car), shop.accounts.person[account]
    is_next = (fleet.next_owner[car] == person) & (visits.at[first] >= fleet.sold_at[car])
    owned_from = np.where(is_next, fleet.sold_at[car], fleet.owned_at[car])
    owned_to = np.where(is_next, NONE, fleet.sold_at[car])
    home = shop.people.town[0, person]
    table = pa.table(
        {
            "vin": fleet.vin.take(pa.array(car)),
            "customer_no": pa.array(account + FIRST_CUSTOMER),
            "licence_plate": dirt.sometimes_missing(
                plates(rng, text.pick([t.plate for t in TOWNS], home)), rng, 0.05
            ),
            "brand": text.constant(BRAND, count),
            "model": text.pick([s.name for s in SERIES], fleet.series[car]),
            "production_date": german_date(fleet.built_day[car]),
            "first_registration": dirt.sometimes_missing(
                german_date(local_day(fleet.owned_at[car])), rng, 0.03
            ),
            "owned_from": dirt.sometimes_missing(german_date(local_day(owned_from)), rng, 0.1),
            "owned_to": german_date(local_day(owned_to)),
            "country": text.constant("DE", count),
            "region": text.pick([t.state for t in TOWNS], home),
        }
    )
    return Dated("vehicle", table, np.maximum(visits.at[first], owned_to))


def _new_key(column: str) -> Callable[[int], dict[str, int]]:
    return lambda i: {column: 90_000_000 + i}


def numbered(shop: Workshop, tables: list[Dated]) -> list[Entity]:
    """Return the tables with change numbers that rise with the time of change over the whole system, bad
    rows last.
    """
    times = np.concatenate([t.changed_at for t in tables])
    number = np.empty(len(times), dtype=np.int64)
    number[np.argsort(times, kind="stable")] = np.arange(1, len(times) + 1)
    entities, start, last = [], 0, len(times)
    for dated in tables:
        own = number[start : start + len(dated.table)]
        start += len(dated.table)
        table = dated.table.append_column("change_seq", pa.array(own))
        rng = shop.seeds.rng("bad", "service", dated.name)
        entity = spoil("service", dated.name, table, rng, _new_key(KEYS[dated.name]))
        for row in entity.bad:
            last += 1
            row["change_seq"] = last
        entities.append(entity)
    return entities
