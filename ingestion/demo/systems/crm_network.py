"""Contracts for connected services, and what a dealer's house costs by month, as the CRM holds them."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, HOUR, NONE, iso_date, local_day, month_text, months_of, rfc3339_utc
from ingestion.demo.simulation.fleet import Fleet
from ingestion.demo.systems import dirt
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.crm_base import dealer_codes, series_codes
from ingestion.demo.systems.crm_showroom import Showroom

TERM = 365
CONNECTED = 0.62  # share of the cars that are sold with connected services
RENEWS = (0.79, 0.87, 0.9)  # after the first term, the second, the third
EXPENSES = {"staff": 0.52, "rent": 0.17, "energy": 0.06, "marketing": 0.11, "other": 0.14}
COST_OF_A_CUSTOMER = 4.9  # EUR a month: the workshop's gross profit covers about 70 % of a house's costs


def network_entities(world: Showroom, fleet: Fleet, people: int) -> list[Entity]:
    """Return connected contracts and dealers' expenses; `people` says how much business there is."""
    return [_contracts(world, fleet), _expenses(world, people)]


def _contracts(world: Showroom, fleet: Fleet) -> Entity:
    """Return one row for each term of a contract; a term follows the one before where that was renewed."""
    rng, period = world.seeds.rng("connected"), world.period
    owned = np.flatnonzero((fleet.owned_at != NONE) & (fleet.dealer >= 0))
    car = owned[rng.random(len(owned)) < CONNECTED]
    since, rows = local_day(fleet.owned_at[car]), []
    for term in range(len(RENEWS)):
        starts = since + term * TERM
        known = starts <= period.last_day
        car, since, starts = car[known], since[known], starts[known]
        stays = rng.random(len(car)) < RENEWS[term]
        renewed = np.where(stays, starts + TERM + rng.integers(-28, 22, len(car)), NONE)
        renewed = np.where(renewed > period.last_day, NONE, renewed)
        rows.append((car, starts, renewed))
        car, since = car[renewed != NONE], since[renewed != NONE]
    car, starts, renewed = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.argsort(starts, kind="stable")
    order = order[starts[order] + TERM >= period.first_day]
    car, starts, renewed = car[order], starts[order], renewed[order]
    count, known = len(car), np.maximum(starts, renewed) * DAY + 10 * HOUR
    key = text.keys("N", np.arange(1, count + 1), 8)
    table = pa.table(
        {
            "contract_id": key,
            "vin": fleet.vin.take(pa.array(car)),
            "dealer_id": dealer_codes(world.dealers, fleet.dealer[car]),
            "series_code": series_codes(fleet.series[car]),
            "starts_on": iso_date(starts),
            "ends_on": iso_date(starts + TERM),
            "renewed_on": iso_date(renewed),
            **world.changes(np.maximum(known, period.start), np.full(count, NONE), rng),
        }
    )
    nobody, noon = np.full(count, -1), (starts + TERM) * DAY + 10 * HOUR
    world.truth.events(
        "connected_contract", key, nobody, noon, dealer=fleet.dealer[car], series=fleet.series[car]
    )
    bad = world.seeds.rng("bad", "connected_contract")
    return spoil("crm", "connected_contract", table, bad, lambda i: {"contract_id": f"N9{i:07d}"})


def _expenses(world: Showroom, people: int) -> Entity:
    """Return what each complete month cost each dealer, by kind, in EUR net."""
    rng, dealers, period = world.seeds.rng("expenses"), world.dealers, world.period
    months = period.months[:-1] if _is_cut(period.last_day) else period.months
    dealer, month, kind = (
        axis.ravel()
        for axis in np.meshgrid(np.arange(len(dealers)), months, np.arange(len(EXPENSES)), indexing="ij")
    )
    monthly = COST_OF_A_CUSTOMER * people / len(dealers) * dealers.size / dealers.size.mean()
    thrift = rng.uniform(0.75, 1.4, len(dealers))
    share = np.array(list(EXPENSES.values()))[kind]
    amount = np.round(monthly[dealer] * thrift[dealer] * share * rng.uniform(0.93, 1.08, len(dealer)), 2)
    closed = (month + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    known = closed * DAY + 5 * DAY + 9 * HOUR
    table = pa.table(
        {
            "dealer_id": dealer_codes(dealers, dealer),
            "month": text.pick(month_text(months), month - months[0]),
            "kind": text.pick(list(EXPENSES), kind),
            "expense_amt": pa.array(amount),
            "updated_at": rfc3339_utc(dirt.changed_at(np.minimum(known, period.end - 1), rng, period.end)),
        }
    )
    key = text.join(*(table.column(name) for name in ("dealer_id", "month", "kind")), sep="|")
    last = (closed - 1) * DAY + 12 * HOUR
    world.truth.events("dealer_expense", key, np.full(len(key), -1), last, dealer=dealer, amount=amount)
    bad = world.seeds.rng("bad", "dealer_expense")
    return spoil("crm", "dealer_expense", table, bad, lambda i: {"dealer_id": f"D9{i:03d}"})


def _is_cut(last_day: int) -> bool:
    """Does the period end before its last month does?"""
    first, following = months_of(np.array([last_day, last_day + 1]))
    return bool(first == following)
