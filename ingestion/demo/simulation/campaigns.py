"""Campaigns, what they show and cost by day, the newsletter's subscribers and their reactions."""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.base.clock import DAY, HOUR, NONE, Period, from_local, weekday
from ingestion.demo.base.seeds import Seeds, weighted
from ingestion.demo.simulation.people import People
from ingestion.demo.simulation.vehicles import SERIES, SERIES_SHARE

CHANNELS = ("search", "social", "display", "video", "event", "email")
EMAIL = CHANNELS.index("email")
CLICK_RATE = np.array([0.041, 0.011, 0.004, 0.006, 0.02, 0.0])
COST_PER_CLICK = np.array([1.35, 0.75, 0.62, 0.95, 2.1, 0.0])
# which kinds of campaign can have brought a lead of a channel
LEAD_SOURCES = {
    "paid_search": (0,),
    "social": (1,),
    "display": (2,),
    "campaign": (1, 2, 3),
    "event": (4,),
    "email": (5,),
}
OPEN, CLICK, UNSUBSCRIBE, BOUNCE, COMPLAINT = range(5)


@dataclass(frozen=True)
class Campaigns:
    """Campaigns with one entry each; `series` is -1 for a campaign about the brand."""

    channel: np.ndarray
    series: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray

    def __len__(self) -> int:
        """Return the number of campaigns."""
        return len(self.channel)


def running_campaign(campaigns: Campaigns, day: np.ndarray) -> np.ndarray:
    """Return the paid campaign that began last before each day, where it still ran (-1: none)."""
    paid = np.flatnonzero(campaigns.channel != EMAIL)
    place = np.searchsorted(campaigns.first_day[paid], day, side="right") - 1
    found = paid[np.maximum(place, 0)]
    return np.where((place >= 0) & (campaigns.last_day[found] >= day), found, -1)


@dataclass(frozen=True)
class Newsletter:
    """Subscribers, e-mails sent to them, and reactions to those."""

    person: np.ndarray
    subscribed_at: np.ndarray
    unsubscribed_at: np.ndarray
    send_campaign: np.ndarray
    send_subscriber: np.ndarray
    sent_at: np.ndarray
    reaction_send: np.ndarray
    reaction_kind: np.ndarray
    reaction_at: np.ndarray


def make_campaigns(seeds: Seeds, a_year: int, period: Period) -> Campaigns:
    """Return paid campaigns of a month or two, and one newsletter a month."""
    rng, count = seeds.rng("campaigns"), a_year * 3
    months = len(period.months)
    channel = np.concatenate([np.arange(count) % EMAIL, np.full(months, EMAIL)])
    days = period.last_day - period.first_day
    paid_first = period.first_day + (np.arange(count) + rng.random(count)) * days // count
    mail_first = period.first_day + np.arange(months) * 30 + 5
    first = np.concatenate([paid_first, mail_first]).astype(np.int64)
    length = np.where(channel == EMAIL, 14, rng.integers(28, 62, len(channel)))
    series = np.where(rng.random(len(channel)) < 0.3, -1, weighted(rng, SERIES_SHARE, len(channel)))
    order = np.argsort(first, kind="stable")
    order = order[first[order] <= period.last_day]
    return Campaigns(channel[order], series[order], first[order], (first + length)[order])


def campaign_of_leads(
    seeds: Seeds,
    campaigns: Campaigns,
    lead_day: np.ndarray,
    lead_channel: np.ndarray,
    names: tuple[str, ...],
    period: Period,
) -> np.ndarray:
    """Return the campaign that brought each lead: one that ran on the day, on a channel that fits (-1:
    none).
    """
    rng = seeds.rng("campaign_of_leads")
    found = np.full(len(lead_day), -1)
    days = period.days
    for name, kinds in LEAD_SOURCES.items():
        rows = np.flatnonzero((lead_channel == names.index(name)) & (lead_day >= period.first_day))
        fits = np.flatnonzero(np.isin(campaigns.channel, kinds))
        running = (campaigns.first_day[fits][:, None] <= days) & (campaigns.last_day[fits][:, None] >= days)
        many = running.sum(axis=0)
        ranked = np.argsort(~running, axis=0, kind="stable")  # the running campaigns of each day come first
        day = lead_day[rows] - period.first_day
        turn = (rng.random(len(rows)) * many[day]).astype(np.int64)
        attributed = (many[day] > 0) & (rng.random(len(rows)) < 0.9)
        found[rows] = np.where(attributed, fits[ranked[turn, day]], -1)
    return found


@dataclass(frozen=True)
class DailyStats:
    """Figures of a campaign by day, region (a position in the list of regions) and series."""

    campaign: np.ndarray
    day: np.ndarray
    region: np.ndarray
    series: np.ndarray
    impressions: np.ndarray
    clicks: np.ndarray
    spend: np.ndarray


def daily_stats(
    seeds: Seeds, campaigns: Campaigns, region_size: np.ndarray, people: int, period: Period
) -> DailyStats:
    """Return impressions, clicks and spend in EUR net; a campaign about the brand shows the two best-
    known series.
    """
    rng = seeds.rng("daily_stats")
    paid = np.flatnonzero(campaigns.channel != EMAIL)
    first, last = campaigns.first_day[paid], np.minimum(campaigns.last_day[paid], period.last_day)
    own = campaigns.series[paid]
    shown = [np.array([s]) if s >= 0 else np.argsort(-SERIES_SHARE)[:2] for s in own]
    parts = []
    for i, number in enumerate(paid):
        grid = np.meshgrid(
            np.arange(first[i], last[i] + 1), np.arange(len(region_size)), shown[i], indexing="ij"
        )
        parts.append([np.full(grid[0].size, number), *(axis.ravel() for axis in grid)])
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    campaign, day, region, series = columns
    channel = campaigns.channel[campaign]
    reach = people / 50_000 * 900 * region_size[region] / region_size.mean()
    busy = np.where(weekday(day) >= 5, 1.25, 1.0) * np.exp(rng.normal(0, 0.25, len(day)))
    impressions = np.round(reach * busy * np.array([0.7, 1.6, 3.0, 1.3, 0.3, 0.0])[channel]).astype(np.int64)
    clicks = rng.binomial(impressions, CLICK_RATE[channel])
    spend = np.round(clicks * COST_PER_CLICK[channel] * rng.uniform(0.85, 1.2, len(day)), 2)
    return DailyStats(campaign, day, region, series, impressions, clicks, spend)


def simulate_newsletter(seeds: Seeds, people: People, campaigns: Campaigns, period: Period) -> Newsletter:
    """Return who subscribed, what was sent each month, and who opened, clicked or left."""
    rng = seeds.rng("newsletter")
    reader = np.flatnonzero(~people.is_company & (rng.random(len(people)) < 0.36))
    reader = np.concatenate([reader, rng.choice(reader, len(reader) // 30)])  # some subscribe twice
    subscribed = rng.integers(period.start - 365 * DAY, period.end, len(reader))
    order = np.argsort(subscribed, kind="stable")
    reader, subscribed = reader[order], subscribed[order]
    left = np.full(len(reader), np.iinfo(np.int64).max)
    keen = rng.beta(2, 4, len(reader))
    sends, reactions, total = [], [], 0
    for campaign in np.flatnonzero(campaigns.channel == EMAIL):
        at = int(from_local(np.array([campaigns.first_day[campaign] * DAY + 9 * HOUR]))[0])
        to = np.flatnonzero((subscribed < at) & (left > at) & (rng.random(len(reader)) < 0.18))
        sent = at + rng.integers(0, 2 * HOUR, len(to))
        opened = rng.random(len(to)) < 0.15 + 0.6 * keen[to]
        clicked = opened & (rng.random(len(to)) < 0.16)
        gone = opened & (rng.random(len(to)) < 0.012)
        bounced = ~opened & (rng.random(len(to)) < 0.02)
        angry = opened & (rng.random(len(to)) < 0.001)
        open_at = sent + rng.exponential(9 * HOUR, len(to)).astype(np.int64) + 60
        for reaction, mask in (
            (OPEN, opened),
            (CLICK, clicked),
            (UNSUBSCRIBE, gone),
            (BOUNCE, bounced),
            (COMPLAINT, angry),
        ):
            rows = np.flatnonzero(mask)
            when = open_at[rows] + 45 * reaction if reaction != BOUNCE else sent[rows] + 30
            reactions.append((rows + total, np.full(len(rows), reaction), when))
        left[to[gone]] = open_at[gone] + 45 * UNSUBSCRIBE
        sends.append((np.full(len(to), campaign), to, sent))
        total += len(to)
    send_campaign, send_to, sent_at = (np.concatenate(c) for c in zip(*sends, strict=True))
    of_send, kind, when = (np.concatenate(c) for c in zip(*reactions, strict=True))
    done = np.flatnonzero(when < period.end)
    done = done[np.argsort(when[done], kind="stable")]
    unsubscribed = np.where(left < period.end, left, NONE)
    return Newsletter(
        reader,
        subscribed,
        unsubscribed,
        send_campaign,
        send_to,
        sent_at,
        of_send[done],
        kind[done],
        when[done],
    )


def campaign_name(channel: int, series: int, number: int) -> str:
    """Return a readable name."""
    about = SERIES[series].name if series >= 0 else "Halden"
    return f"{about} {CHANNELS[channel]} {number:03d}"
