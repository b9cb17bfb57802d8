"""What the CRM holds about the network itself: regions, dealers, targets, series, advisors."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.demo.base import text
from ingestion.demo.base.clock import MONTH_WEIGHT, Period, iso_date, month_text, rfc3339_utc
from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.dealers import MARKETS, STEPS, TIERS, Dealers
from ingestion.demo.simulation.geography import STATES, TOWNS
from ingestion.demo.simulation.names import name_tables
from ingestion.demo.simulation.vehicles import BRAND, SERIES
from ingestion.demo.systems.bad_rows import Entity, spoil
from ingestion.demo.systems.contacts import SLASH, phone_text

STRETCH = 1.02  # agreed rates are those of a sound dealer and a little more


@dataclass(frozen=True)
class Staff:
    """Advisors: `first` is the number of a dealer's first advisor, `many` how many it has."""

    first: np.ndarray
    many: np.ndarray

    def of(self, dealer: np.ndarray, draw: np.ndarray) -> pa.Array:
        """Return an advisor of each dealer by a number in [0, 1); null where the dealer is -1."""
        chosen = self.first[dealer] + (draw * self.many[dealer]).astype(np.int64)
        return text.keys("A", np.where(dealer < 0, -1, chosen), 5)


def make_staff(seeds: Seeds, dealers: Dealers) -> Staff:
    """Return three to six advisors for each dealer."""
    many = seeds.rng("staff").integers(3, 7, len(dealers))
    return Staff(first=1 + np.concatenate([[0], np.cumsum(many)[:-1]]), many=many)


def dealer_codes(dealers: Dealers, dealer: np.ndarray) -> pa.Array:
    """Return dealer ids; null where -1."""
    return text.pick(dealers.dealer_id, dealer)


def campaign_ids(campaign: np.ndarray) -> pa.Array:
    """Return campaign ids; null where -1."""
    return text.keys("M", np.where(campaign < 0, -1, campaign + 1), 4)


def series_codes(series: np.ndarray) -> pa.Array:
    """Return series codes; null where -1."""
    return text.pick([s.code for s in SERIES], series)


def base_entities(
    seeds: Seeds,
    dealers: Dealers,
    staff: Staff,
    period: Period,
    lead_weight: np.ndarray,
    leads_a_month: float,
) -> list[Entity]:
    """Return regions, dealers, series, advisors and targets, all last changed on the first day of the
    period.
    """
    since = rfc3339_utc(np.array([period.start]))[0].as_py()
    codes = sorted(set(dealers.state.tolist()))
    region = pa.table(
        {
            "region_code": codes,
            "name": [STATES[code][0] for code in codes],
            "updated_at": [since] * len(codes),
        }
    )
    series = pa.table(
        {
            "series_code": [s.code for s in SERIES],
            "name": [s.name for s in SERIES],
            "segment": [s.segment for s in SERIES],
            "energy": [s.energy for s in SERIES],
            "msrp_amt": [s.msrp for s in SERIES],
            "updated_at": [since] * len(SERIES),
        }
    )
    target = _targets(dealers, period, lead_weight, leads_a_month, since)
    return [
        Entity("crm", "region", region),
        Entity("crm", "dealer", _dealer_table(seeds, dealers, since)),
        Entity("crm", "series", series),
        Entity("crm", "advisor", _advisor_table(seeds, dealers, staff, since)),
        spoil(
            "crm",
            "dealer_target",
            target,
            seeds.rng("bad", "dealer_target"),
            lambda i: {"dealer_id": f"D9{i:03d}"},
        ),
    ]


def _dealer_table(seeds: Seeds, dealers: Dealers, since: str) -> pa.Table:
    rng = seeds.rng("dealer_table")
    towns = [TOWNS[t] for t in dealers.town]
    families = rng.choice(len(name_tables().family), len(dealers), replace=len(dealers) > 300)
    return pa.table(
        {
            "dealer_id": dealers.dealer_id,
            "name": [
                f"{BRAND} {town.name} {name_tables().family[f]}"
                for town, f in zip(towns, families, strict=True)
            ],
            "region_code": [town.state for town in towns],
            "city": [town.name for town in towns],
            "postal_code": [
                f"{town.postal_prefix}{n:02d}"
                for town, n in zip(towns, rng.integers(1, 60, len(towns)), strict=True)
            ],
            "tier": [TIERS[t] for t in dealers.tier],
            "market_type": [MARKETS[m] for m in dealers.market],
            "phone": phone_text(dealers.phone, np.full(len(dealers), SLASH)),
            "email": dealers.email,
            "opened_on": iso_date(dealers.opened_day),
            "closed_on": text.constant(None, len(dealers)),
            "updated_at": [since] * len(dealers),
        }
    )


def _advisor_table(seeds: Seeds, dealers: Dealers, staff: Staff, since: str) -> pa.Table:
    rng, names = seeds.rng("advisor_table"), name_tables()
    count = int(staff.many.sum())
    given = text.pick(names.given, rng.integers(0, len(names.given), count))
    family = text.pick(names.family, rng.integers(0, len(names.family), count))
    return pa.table(
        {
            "advisor_id": text.keys("A", np.arange(1, count + 1), 5),
            "dealer_id": dealer_codes(dealers, np.repeat(np.arange(len(dealers)), staff.many)),
            "name": text.join(given, " ", family),
            "updated_at": [since] * count,
        }
    )


def _targets(
    dealers: Dealers, period: Period, lead_weight: np.ndarray, leads_a_month: float, since: str
) -> pa.Table:
    """Return agreed rates (sound dealer of the same kind, stretched by 2 %) and counts for each dealer
    and month.
    """
    months = period.months
    rates = np.minimum(dealers.sound_rate * STRETCH, 0.98)  # dealers x steps
    season = MONTH_WEIGHT[months % 12] / MONTH_WEIGHT.mean()
    leads = leads_a_month * (lead_weight / lead_weight.mean())[:, None] * season[None, :] * STRETCH
    orders = leads * rates[:, :4].prod(axis=1)[:, None]
    metrics = {"lead_cnt": leads, "order_cnt": orders, "delivery_cnt": orders * rates[:, 4:5]}
    values = {name: np.maximum(np.round(value), 1.0) for name, value in metrics.items()}
    for step, name in enumerate(STEPS):
        values[f"{name}_rate"] = np.round(np.repeat(rates[:, step : step + 1], len(months), axis=1), 4)
    size = len(dealers) * len(months)
    names = list(values)
    return pa.table(
        {
            "dealer_id": text.concat(
                [dealer_codes(dealers, np.repeat(np.arange(len(dealers)), len(months)))] * len(names)
            ),
            "month": text.concat(
                [pa.array(np.tile(month_text(months).to_numpy(zero_copy_only=False), len(dealers)).tolist())]
                * len(names)
            ),
            "metric": text.pick(names, np.repeat(np.arange(len(names)), size)),
            "value": pa.array(np.concatenate([values[name].ravel() for name in names])),
            "updated_at": text.constant(since, size * len(names)),
        }
    )
