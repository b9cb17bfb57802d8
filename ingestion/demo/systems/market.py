"""Published registrations: the maker's own cars as they were handed over, and competitors around them."""

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import MONTH_WEIGHT, NONE, Period, local_day, month_text, months_of
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import Dealers
from ingestion.demo.simulation.journey import Journeys
from ingestion.demo.simulation.vehicles import BRAND, SERIES
from ingestion.demo.systems.bad_rows import Entity, spoil

COMPETITORS = {
    "Arvane": 0.19,
    "Boreal": 0.16,
    "Castell": 0.14,
    "Dornach": 0.12,
    "Evora Motors": 0.11,
    "Falkona": 0.10,
    "Grenlin": 0.08,
    "Hikaru": 0.06,
    "Ivara": 0.04,
}
ELECTRIC_MODELS = (
    ("Arvane", "Volta"),
    ("Boreal", "B-One"),
    ("Castell", "Lumen"),
    ("Dornach", "D3e"),
    ("Hikaru", "Sora"),
)
LOWEST_SHARE, HIGHEST_SHARE = 0.05, 0.12


def market_entity(
    seeds: Seeds, journeys: Journeys, dealers: Dealers, regions: list[str], period: Period
) -> Entity:
    """Return market.registration; our units equal our deliveries of the region and month."""
    rng, months = seeds.rng("market"), period.months
    rows = np.flatnonzero(journeys.deliver_at != NONE)
    month = months_of(local_day(journeys.deliver_at[rows])) - months[0]
    region = np.searchsorted(regions, dealers.state[journeys.dealer[rows]])
    own = np.zeros((len(regions), len(months)), dtype=np.int64)
    np.add.at(own, (region, month), 1)
    electric = np.zeros((len(SERIES), len(months)), dtype=np.int64)
    np.add.at(electric, (journeys.series[rows], month), 1)
    share = rng.permutation(np.linspace(LOWEST_SHARE, HIGHEST_SHARE, len(regions)))
    season = MONTH_WEIGHT[months % 12] / MONTH_WEIGHT.mean()
    others = own.mean(axis=1) * (1 - share) / share  # a month, all competitors together
    weight = np.array(list(COMPETITORS.values()))
    noise = np.exp(rng.normal(0, 0.08, (len(regions), len(weight), len(months))))
    foreign = np.round(others[:, None, None] * weight[None, :, None] * season[None, None, :] * noise).astype(
        np.int64
    )
    return spoil(
        "market",
        "registration",
        _table(rng, regions, month_text(months).to_pylist(), own, foreign, electric),
        seeds.rng("bad", "market"),
        lambda i: {"region_code": "DE-BY", "brand": f"ZZ {i:03d}"},
    )


def _table(
    rng: np.random.Generator,
    regions: list[str],
    months: list[str],
    own: np.ndarray,
    foreign: np.ndarray,
    electric: np.ndarray,
) -> pa.Table:
    """Return the three published series below one another."""
    found: list[tuple[str, str, str, str, str, str, int]] = []
    for r, code in enumerate(regions):
        for m, month in enumerate(months):
            found.append((code, month, "all_by_brand", BRAND, "", "all", int(own[r, m])))
            found += [
                (code, month, "all_by_brand", brand, "", "all", int(foreign[r, b, m]))
                for b, brand in enumerate(COMPETITORS)
            ]
    total = own.sum(axis=0) + foreign.sum(axis=(0, 1))
    found += [("DE", month, "all_total", "", "", "all", int(total[m])) for m, month in enumerate(months)]
    brands = list(COMPETITORS)
    for m, month in enumerate(months):
        found += [
            ("DE", month, "electric_by_model", BRAND, s.name, "electric", int(electric[i, m]))
            for i, s in enumerate(SERIES)
            if s.energy == "electric"
        ]
        found += [
            (
                "DE",
                month,
                "electric_by_model",
                brand,
                model,
                "electric",
                int(foreign[:, brands.index(brand), m].sum() * rng.uniform(0.12, 0.3)),
            )
            for brand, model in ELECTRIC_MODELS
        ]
    names = ("region_code", "period", "measure", "brand", "model", "energy", "units")
    columns = {
        name: pa.array(list(values)) for name, values in zip(names, zip(*found, strict=True), strict=True)
    }
    return pa.table({"country": text.constant("DE", len(found)), **columns})
