"""The demo world on disk: simulate, let each system see it, write the files, put the folder in its place
at once.
"""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingestion.demo.base.clock import Period, local_day, period_ending
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.scales import SCALES, Scale
from ingestion.demo.simulation.app_use import AppUse, simulate_app
from ingestion.demo.simulation.campaigns import (
    Campaigns,
    campaign_of_leads,
    daily_stats,
    make_campaigns,
    simulate_newsletter,
)  # fmt: skip
from ingestion.demo.simulation.dealers import Dealers, make_dealers
from ingestion.demo.simulation.fleet import Fleet, make_fleet
from ingestion.demo.simulation.journey import CHANNEL_NAMES, JOURNEYS_PER_PERSON, Journeys, simulate_journeys
from ingestion.demo.simulation.people import People, make_people
from ingestion.demo.simulation.workshop import simulate_workshop
from ingestion.demo.systems.app import app_files
from ingestion.demo.systems.bad_rows import Entity
from ingestion.demo.systems.crm_base import Staff, base_entities, campaign_ids, make_staff
from ingestion.demo.systems.crm_leads import Cards, Leads, card_entity, lead_entity, make_cards, make_leads
from ingestion.demo.systems.crm_network import network_entities
from ingestion.demo.systems.crm_sales import sales_entities
from ingestion.demo.systems.crm_showroom import Showroom, showroom_entities
from ingestion.demo.systems.market import market_entity
from ingestion.demo.systems.marketing import Marketing, marketing_entities
from ingestion.demo.systems.service import Workshop, customers, numbered, vehicles
from ingestion.demo.systems.service_care import care_tables
from ingestion.demo.systems.service_jobs import job_tables
from ingestion.demo.systems.site import site_sessions
from ingestion.demo.truth import Truth
from ingestion.demo.writers.files import write_csv, write_lines, write_pages
from ingestion.demo.writers.sqlite import write_database

VERSION = 4  # of the world's content; a folder of another version is written again
Progress = Callable[[str], None]


@dataclass
class WorldReport:
    """What was written: rows by table (`crm.lead`, `app.event`, `truth.event` ...), seconds, whether it
    was there already.
    """

    folder: Path
    scale: str
    seed: int
    as_of: date
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    reused: bool = False


@dataclass(frozen=True)
class _World:
    """What happened, before any system has seen it."""

    seeds: Seeds
    period: Period
    dealers: Dealers
    people: People
    journeys: Journeys
    fleet: Fleet
    campaigns: Campaigns
    staff: Staff
    leads: Leads
    cards: Cards
    use: AppUse
    regions: list[str]


def write_world(
    folder: Path, scale: str, seed: int, as_of: date, on_progress: Progress | None = None
) -> WorldReport:
    """Write the demo world's source systems and its truth into `folder`; leave an equal world as it is.

    The world covers the 36 months that end with `as_of`. Everything is written beside `folder` and
    renamed at the
    end, so an interrupted run leaves what was there. Raises ValueError when the scale is unknown.
    """
    if scale not in SCALES:
        raise ValueError(f"There is no scale {scale!r}: say one of {', '.join(SCALES)}.")
    say = on_progress or (lambda _: None)
    report = WorldReport(folder, scale, seed, as_of)
    label = {"version": VERSION, "scale": scale, "seed": seed, "as_of": as_of.isoformat()}
    stored = _read_label(folder)
    if stored is not None and {name: stored.get(name) for name in label} == label:
        say(f"The {scale} world of {as_of} is there already.")
        report.counts, report.reused = stored["counts"], True
        return report
    began = time.perf_counter()
    building = folder.with_name(folder.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    report.counts = _write(building, SCALES[scale], seed, as_of, say)
    text = json.dumps(label | {"counts": report.counts}, indent=2)
    (building / "world.json").write_text(text + "\n", encoding="utf-8")
    _replace(building, folder)
    report.seconds = time.perf_counter() - began
    say(f"The world is written: {sum(report.counts.values()):,} rows in {report.seconds:.1f} s.")
    return report


def _read_label(folder: Path) -> dict | None:  # type: ignore[type-arg]
    try:
        return dict(json.loads((folder / "world.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None


def _replace(building: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one."""
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _simulate(scale: Scale, seed: int, as_of: date, say: Progress) -> _World:
    seeds, period = Seeds(seed), period_ending(as_of)
    dealers = make_dealers(seeds, scale.dealers)
    people = make_people(seeds, scale.people, dealers, period)
    say(f"{len(people):,} people and companies, {len(dealers)} dealers.")
    journeys = simulate_journeys(seeds, people, dealers, period)
    fleet = make_fleet(seeds, people, journeys, dealers, period)
    leads = make_leads(seeds, journeys, dealers, period)
    cards = make_cards(seeds, journeys, leads, period)
    say(f"{len(leads.at):,} leads, {len(cards.at):,} cards, {len(fleet.series):,} cars.")
    return _World(
        seeds=seeds, period=period, dealers=dealers, people=people, journeys=journeys, fleet=fleet,
        campaigns=make_campaigns(seeds, scale.campaigns_a_year, period), staff=make_staff(seeds, dealers),
        leads=leads, cards=cards, use=simulate_app(seeds, people, fleet, period),
        regions=sorted(set(dealers.state.tolist())),
    )  # fmt: skip


def _write(folder: Path, scale: Scale, seed: int, as_of: date, say: Progress) -> dict[str, int]:
    world = _simulate(scale, seed, as_of, say)
    counts: dict[str, int] = {}
    with Truth(folder / "truth", world.people, world.dealers) as truth:
        showroom = Showroom(
            world.seeds, world.journeys, world.cards, world.dealers, world.staff, world.period, truth
        )
        lead_table = _write_crm(folder, world, showroom, truth, counts)
        say(f"The CRM holds {_total(counts, 'crm'):,} rows.")
        _write_service(folder, world, showroom, truth, counts)
        say(f"The workshop system holds {_total(counts, 'service'):,} rows.")
        _write_marketing(folder, world, lead_table, truth, counts)
        say(f"The marketing tools hold {_total(counts, 'marketing'):,} rows.")
        market = market_entity(world.seeds, world.journeys, world.dealers, world.regions, world.period)
        truth.bad_rows(market)
        counts["market.registration"] = write_csv(folder / "market" / "registrations.csv", market)
        _write_app(folder, world, truth, counts, say)
    return counts | {f"truth.{name}": count for name, count in sorted(truth.counts.items())}


def _total(counts: dict[str, int], source: str) -> int:
    return sum(count for name, count in counts.items() if name.startswith(f"{source}."))


def _told(entities: list[Entity], truth: Truth) -> list[Entity]:
    for entity in entities:
        truth.bad_rows(entity)
    return entities


def _write_crm(
    folder: Path, world: _World, showroom: Showroom, truth: Truth, counts: dict[str, int]
) -> pa.Table:
    """Write the CRM and return its leads, which web forms repeat."""
    seeds, period, dealers = world.seeds, world.period, world.dealers
    lead_day = local_day(world.leads.at)
    brought = campaign_of_leads(seeds, world.campaigns, lead_day, world.leads.channel, CHANNEL_NAMES, period)
    context = (world.people, dealers, world.staff, period)
    lead = lead_entity(seeds, world.leads, world.journeys, (*context, campaign_ids(brought)), truth)
    a_month = world.people.household.size * JOURNEYS_PER_PERSON / len(dealers) / 36
    entities = [
        *base_entities(seeds, dealers, world.staff, period, dealers.size, a_month),
        lead,
        card_entity(seeds, world.cards, world.leads, context, truth),
        *showroom_entities(showroom),
        *sales_entities(showroom, world.fleet, world.leads),
        *network_entities(showroom, world.fleet, len(world.people)),
    ]
    written = write_database(folder / "crm.sqlite", _told(entities, truth))
    counts.update({f"crm.{name}": count for name, count in written.items()})
    return lead.table


def _write_service(
    folder: Path, world: _World, showroom: Showroom, truth: Truth, counts: dict[str, int]
) -> None:
    visits, accounts = simulate_workshop(world.seeds, world.people, world.fleet, world.dealers, world.period)
    shop = Workshop(
        world.seeds, world.people, world.fleet, visits, accounts, world.dealers, world.period, truth
    )
    tables = [customers(shop), vehicles(shop), *job_tables(shop, showroom), *care_tables(shop, showroom)]
    entities = numbered(shop, tables)
    written = write_database(folder / "service.sqlite", _told(entities, truth))
    counts.update({f"service.{name}": count for name, count in written.items()})


def _write_marketing(
    folder: Path, world: _World, lead_table: pa.Table, truth: Truth, counts: dict[str, int]
) -> None:
    size = np.array([world.dealers.size[world.dealers.state == code].sum() for code in world.regions])
    stats = daily_stats(world.seeds, world.campaigns, size, len(world.people), world.period)
    news = simulate_newsletter(world.seeds, world.people, world.campaigns, world.period)
    marketing = Marketing(
        world.seeds, world.people, world.campaigns, news, world.regions, world.period, truth
    )
    tables = marketing_entities(marketing, stats, world.use, world.leads, lead_table)
    for entity in _told([*tables, site_sessions(marketing)], truth):
        counts[f"marketing.{entity.name}"] = write_pages(folder / "marketing" / entity.name, entity)


def _write_app(folder: Path, world: _World, truth: Truth, counts: dict[str, int], say: Progress) -> None:
    (folder / "app").mkdir()
    total = 0
    files = app_files(
        world.seeds, world.people, world.fleet, world.dealers, world.campaigns, world.use, world.period, truth
    )
    for number, file in enumerate(files, start=1):
        write_lines(folder / "app" / file.name, file.lines)
        total += len(file.lines)
        if number % 12 == 0:
            say(f"{total:,} app events in {number} monthly files.")
    counts["app.event"] = total
