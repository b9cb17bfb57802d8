"""Visits of the website as the web tracker exports them to the marketing tools: browsers, seldom people."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import local_day, online_time, random_days, rfc3339_berlin
from ingestion.demo.base.seeds import mix64, weighted
from ingestion.demo.simulation.campaigns import campaign_of_leads
from ingestion.demo.simulation.journey import CHANNEL_NAMES, ONLINE_WEEK
from ingestion.demo.simulation.vehicles import SERIES_SHARE
from ingestion.demo.systems import dirt
from ingestion.demo.systems.bad_rows import Entity
from ingestion.demo.systems.crm_base import campaign_ids, series_codes
from ingestion.demo.systems.marketing import BROWSER, Marketing

SESSIONS_PER_PERSON = 1.6  # in 36 months; one in thirty is followed by a lead
CHANNELS = {
    "website": 0.27, "organic_search": 0.26, "paid_search": 0.2, "social": 0.12, "display": 0.06,
    "campaign": 0.05, "email": 0.04,
}  # fmt: skip
NEW_BROWSER = 0.35  # share of the visits with cleared cookies or another machine


def site_sessions(world: Marketing) -> Entity:
    """Return marketing.site_session: one row for each visit of the website, in order of time."""
    rng, period, people = world.seeds.rng("site_sessions"), world.period, len(world.people)
    count = round(people * SESSIONS_PER_PERSON)
    at = np.sort(online_time(random_days(rng, period, count, ONLINE_WEEK, 0.3), rng))
    at = np.minimum(at, period.end - 1)
    person = weighted(rng, rng.gamma(0.7, 1.0, people) + 0.02, count)
    fresh = rng.random(count) < NEW_BROWSER
    own = text.hexadecimal(mix64(person, BROWSER))
    device = text.choose(fresh, text.hexadecimal(mix64(np.arange(count), 1_013)), own)
    names = [CHANNEL_NAMES.index(name) for name in CHANNELS]
    channel = np.array(names)[weighted(rng, np.array(list(CHANNELS.values())), count)]
    campaign = campaign_of_leads(
        world.seeds, world.campaigns, local_day(at), channel, CHANNEL_NAMES, world.period
    )
    series = np.where(rng.random(count) < 0.25, -1, weighted(rng, SERIES_SHARE, count))
    key = text.keys("W", np.arange(1, count + 1), 9)
    table = pa.table(
        {
            "session_id": key,
            "device_id": device,
            "campaign_id": campaign_ids(campaign),
            "channel": text.pick(CHANNEL_NAMES, channel),
            "series_code": series_codes(series),
            "page_views": pa.array(1 + rng.geometric(0.28, count)),
            "started_at": rfc3339_berlin(at),
            "updated_at": rfc3339_berlin(dirt.changed_at(at, rng, period.end)),
        }
    )
    nobody = np.full(count, -1)
    world.truth.events(
        "site_session", key, nobody, at, series=series, channel=text.pick(CHANNEL_NAMES, channel)
    )
    return world.entity("site_session", table, "session_id", "W9")
