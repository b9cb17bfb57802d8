"""What the marketing tools hold: campaigns, daily figures, subscribers, web forms, e-mails and reactions."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import DAY, HOUR, Period, iso_date, rfc3339_berlin
from ingestion.demo.base.seeds import Seeds, mix64
from ingestion.demo.simulation.app_use import AppUse
from ingestion.demo.simulation.campaigns import (
    CHANNELS,
    EMAIL,
    Campaigns,
    DailyStats,
    Newsletter,
    campaign_name,
)
from ingestion.demo.simulation.journey import CHANNEL_NAMES
from ingestion.demo.simulation.people import People
from ingestion.demo.systems import dirt
from ingestion.demo.systems.app_events import device_ids
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.contacts import contact
from ingestion.demo.systems.crm_base import campaign_ids, series_codes
from ingestion.demo.systems.crm_leads import ANY_PHONE, TEST, Leads
from ingestion.demo.truth import Truth

FORM_CHANNELS = ("website", "campaign", "paid_search", "organic_search", "social", "display", "email")
BROWSER = 1_009  # salt of the id that a person's browser has
REACTIONS = ("open", "click", "unsubscribe", "bounce", "complaint")


@dataclass(frozen=True)
class Marketing:
    """What the builders of the marketing tables share."""

    seeds: Seeds
    people: People
    campaigns: Campaigns
    newsletter: Newsletter
    regions: list[str]
    period: Period
    truth: Truth

    def entity(self, name: str, table: pa.Table, key: str, bad_key: str) -> Entity:
        """Return the entity with its bad rows."""
        return spoil(
            "marketing", name, table, self.seeds.rng("bad", name), lambda i: {key: f"{bad_key}9{i:07d}"}
        )


def _subscriber_ids(subscriber: np.ndarray) -> pa.Array:
    return text.keys("S", np.where(subscriber < 0, -1, subscriber + 1), 8)


def marketing_entities(
    world: Marketing, stats: DailyStats, use: AppUse, leads: Leads, lead_table: pa.Table
) -> list[Entity]:
    """Return all tables of the marketing tools."""
    return [
        _campaigns(world, stats),
        _daily(world, stats),
        _subscribers(world),
        _forms(world, use, leads, lead_table),
        _sends(world),
        _reactions(world),
    ]


def _campaigns(world: Marketing, stats: DailyStats) -> Entity:
    campaigns = world.campaigns
    count = len(campaigns)
    spent = np.bincount(stats.campaign, stats.spend, count)
    names = [
        campaign_name(int(c), int(s), i + 1)
        for i, (c, s) in enumerate(zip(campaigns.channel, campaigns.series, strict=True))
    ]
    table = pa.table(
        {
            "campaign_id": campaign_ids(np.arange(count)),
            "name": names,
            "channel": text.pick(CHANNELS, campaigns.channel),
            "series_code": series_codes(campaigns.series),
            "starts_on": iso_date(campaigns.first_day),
            "ends_on": iso_date(campaigns.last_day),
            "budget_amt": pa.array(
                np.where(campaigns.channel == EMAIL, 1_500.0, np.ceil(spent * 1.1 / 500) * 500)
            ),
            "updated_at": rfc3339_berlin(campaigns.first_day * DAY - 5 * DAY + 9 * HOUR),
        }
    )
    return Entity("marketing", "campaign", table)


def _daily(world: Marketing, stats: DailyStats) -> Entity:
    rng, end = world.seeds.rng("daily_stat_table"), world.period.end
    night = (stats.day + 1) * DAY + 3 * HOUR
    order = np.argsort(night, kind="stable")
    table = pa.table(
        {
            "campaign_id": campaign_ids(stats.campaign),
            "stat_date": iso_date(stats.day),
            "region_code": text.pick(world.regions, stats.region),
            "series_code": series_codes(stats.series),
            "impressions": pa.array(stats.impressions),
            "clicks": pa.array(stats.clicks),
            "spend_amt": pa.array(stats.spend),
            "updated_at": rfc3339_berlin(dirt.changed_at(np.minimum(night, end - 1), rng, end)),
        }
    ).take(pa.array(order))
    key = text.join(
        *(table.column(name) for name in ("campaign_id", "stat_date", "region_code", "series_code")), sep="|"
    )
    known = stats.day[order] * DAY + 12 * HOUR
    for process, values in (
        ("impression", stats.impressions),
        ("click", stats.clicks),
        ("spend", stats.spend),
    ):
        nobody = np.full(len(known), -1)
        amount = values[order].astype(np.float64)
        world.truth.events(process, key, nobody, known, series=stats.series[order], amount=amount)
    return world.entity("daily_stat", table, "campaign_id", "M")


def _subscribers(world: Marketing) -> Entity:
    rng, news, end = world.seeds.rng("subscriber_table"), world.newsletter, world.period.end
    person, at = news.person, news.subscribed_at
    seen = contact(world.people, person, at, rng, ANY_PHONE, old_share=0.03)
    anonymous = rng.random(len(person)) < 0.22
    changed = dirt.latest(at, news.unsubscribed_at)
    key = _subscriber_ids(np.arange(len(person)))
    table = pa.table(
        {
            "subscriber_id": key,
            "email": seen.email,
            "given_name": text.blank(seen.given_name, anonymous),
            "family_name": text.blank(seen.family_name, anonymous),
            "phone": dirt.sometimes_missing(seen.phone, rng, 0.72),
            "postal_code": dirt.sometimes_missing(seen.postal_code, rng, 0.5),
            "subscribed_at": rfc3339_berlin(at),
            "unsubscribed_at": rfc3339_berlin(news.unsubscribed_at),
            "updated_at": rfc3339_berlin(dirt.changed_at(changed, rng, end)),
        }
    )
    world.truth.records("marketing", "subscriber", key, person)
    return world.entity("subscriber", table, "subscriber_id", "S")


def _forms(world: Marketing, use: AppUse, leads: Leads, lead_table: pa.Table) -> Entity:
    """Return web forms: most leads of the online channels came through one, typed exactly as the lead
    shows it.
    """
    rng, end, count = world.seeds.rng("web_forms"), world.period.end, len(world.people)
    online = np.isin(leads.channel, [CHANNEL_NAMES.index(name) for name in FORM_CHANNELS]) & (
        leads.kind != TEST
    )
    lead = np.flatnonzero(online & (rng.random(len(leads.at)) < 0.85))
    person, at = leads.person[lead], leads.at[lead] - rng.integers(20, 240, len(lead))
    telephone, subscriber = np.full(count, -1), np.full(count, -1)
    owned = np.flatnonzero(use.device_owner >= 0)[::-1]
    telephone[use.device_owner[owned]] = owned
    subscriber[world.newsletter.person] = np.arange(len(world.newsletter.person))
    since = world.newsletter.subscribed_at[subscriber[person]]
    is_reader = (subscriber[person] >= 0) & (since < at) & (rng.random(len(lead)) < 0.5)
    browser = text.hexadecimal(mix64(person, BROWSER))
    in_app = (telephone[person] >= 0) & (rng.random(len(lead)) < 0.25)
    device = text.choose(in_app, device_ids(np.maximum(telephone[person], 0)), browser)
    rows = pa.array(lead)
    key = text.keys("F", np.arange(1, len(lead) + 1), 8)
    table = pa.table(
        {
            "form_id": key,
            "subscriber_id": _subscriber_ids(np.where(is_reader, subscriber[person], -1)),
            "campaign_id": lead_table["campaign_id"].take(rows),
            "device_id": dirt.sometimes_missing(device, rng, 0.2),
            **{name: lead_table[name].take(rows) for name in ("full_name", "email", "phone", "postal_code")},
            "crm_lead_id": dirt.sometimes_missing(leads.key(lead), rng, 0.03),
            "submitted_at": rfc3339_berlin(at),
            "updated_at": rfc3339_berlin(dirt.changed_at(at, rng, end)),
        }
    )
    world.truth.records("marketing", "web_form", key, person)
    return world.entity("web_form", table, "form_id", "F")


def _sends(world: Marketing) -> Entity:
    rng, news = world.seeds.rng("email_sends"), world.newsletter
    key = text.keys("E", np.arange(1, len(news.sent_at) + 1), 9)
    table = pa.table(
        {
            "send_id": key,
            "campaign_id": campaign_ids(news.send_campaign),
            "subscriber_id": _subscriber_ids(news.send_subscriber),
            "sent_at": rfc3339_berlin(news.sent_at),
            "updated_at": rfc3339_berlin(dirt.changed_at(news.sent_at, rng, world.period.end)),
        }
    )
    world.truth.events("email_send", key, news.person[news.send_subscriber], news.sent_at)
    return world.entity("email_send", table, "send_id", "E9")


def _reactions(world: Marketing) -> Entity:
    rng, news = world.seeds.rng("email_events"), world.newsletter
    at = news.reaction_at
    table = pa.table(
        {
            "email_event_id": text.keys("X", np.arange(1, len(at) + 1), 9),
            "send_id": text.keys("E", news.reaction_send + 1, 9),
            "kind": text.pick(REACTIONS, news.reaction_kind),
            "occurred_at": rfc3339_berlin(at),
            "updated_at": rfc3339_berlin(dirt.changed_at(at, rng, world.period.end)),
        }
    )
    return world.entity("email_event", table, "email_event_id", "X9")
