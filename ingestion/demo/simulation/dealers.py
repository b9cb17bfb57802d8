"""Dealers: where they are, how big they are, and at which step of the funnel each is really better or
worse.
"""

from dataclasses import dataclass

import numpy as np

from ingestion.demo.base.seeds import Seeds
from ingestion.demo.simulation.geography import STATES, TOWNS

STEPS = ("card", "visit", "test_drive", "order", "delivery")
# Rates of a sound dealer, typical for the trade: 73 % of leads are valid, 57 % of leads get a card, lead
# to order 6 %.
VALID_RATE = 0.73
BASE_RATE = np.array([0.59, 0.51, 0.66, 0.33, 0.91])
TIERS, MARKETS = ("A", "B", "C"), ("metro", "city", "rural")
TIER_FACTOR = np.array([[1.02, 1.0, 1.02, 1.04, 1.01], [1.0] * 5, [0.98, 1.0, 0.97, 0.97, 0.98]])
MARKET_FACTOR = np.array([[0.98, 0.96, 0.98, 1.02, 1.0], [1.0] * 5, [1.03, 1.06, 1.02, 0.99, 0.99]])
TIER_SIZE = np.array([1.12, 1.0, 0.92])
# dealers of 120 in each (tier, market type): no group below 8, since peers are compared only from 8 on
PEER_GROUPS = {
    ("A", "metro"): 16, ("A", "city"): 13, ("A", "rural"): 8,
    ("B", "metro"): 14, ("B", "city"): 15, ("B", "rural"): 13,
    ("C", "metro"): 9, ("C", "city"): 13, ("C", "rural"): 19,
}  # fmt: skip
WEAK_SHARE, STRONG_SHARE = 0.225, 0.10


@dataclass(frozen=True)
class Dealers:
    """Arrays with one entry for each dealer; `town` points into TOWNS, `multiplier` and `planted` are
    dealers x steps.
    """

    dealer_id: list[str]
    town: np.ndarray
    tier: np.ndarray
    market: np.ndarray
    size: np.ndarray
    opened_day: np.ndarray
    phone: np.ndarray
    email: list[str]
    multiplier: np.ndarray
    planted: np.ndarray

    def __len__(self) -> int:
        """Return the number of dealers."""
        return len(self.dealer_id)

    @property
    def sound_rate(self) -> np.ndarray:
        """Rates of a sound dealer of the same tier and market type, dealers x steps."""
        return np.minimum(BASE_RATE * TIER_FACTOR[self.tier] * MARKET_FACTOR[self.market], 0.97)

    @property
    def rate(self) -> np.ndarray:
        """True rates, dealers x steps: the sound rate times the dealer's own multiplier."""
        return np.minimum(self.sound_rate * self.multiplier, 0.97)

    @property
    def state(self) -> np.ndarray:
        """State code of each dealer."""
        return np.array([TOWNS[t].state for t in self.town])


def make_dealers(seeds: Seeds, count: int) -> Dealers:
    """Return `count` dealers: 6 in three states for the tiny world, else a multiple of 120 over all 16
    states.
    """
    rng = seeds.rng("dealers")
    slots = _slots_tiny() if count < 120 else _slots(count // 120)
    slots.sort(key=lambda slot: (slot[0], slot[1]))
    town = np.array([_town(state, market, i) for i, (state, _, market) in enumerate(slots)])
    tier = np.array([TIERS.index(slot[1]) for slot in slots])
    market = np.array([MARKETS.index(slot[2]) for slot in slots])
    multiplier, planted = _plant(seeds, len(slots))
    serial = np.arange(len(slots))
    return Dealers(
        dealer_id=[f"D{i + 1:04d}" for i in serial],
        town=town,
        tier=tier,
        market=market,
        size=TIER_SIZE[tier] * rng.uniform(0.97, 1.05, len(slots)),
        opened_day=rng.integers(5_000, 17_000, len(slots)),
        phone=np.array([int(TOWNS[t].dialling_code) * 10**6 + 200_000 + i * 613 for i, t in enumerate(town)]),
        email=[f"info@halden-{i + 1:04d}.example" for i in serial],
        multiplier=multiplier,
        planted=planted,
    )


def _slots_tiny() -> list[tuple[str, str, str]]:
    return [
        ("DE-BY", "A", "metro"), ("DE-BY", "B", "city"), ("DE-NW", "A", "metro"),
        ("DE-NW", "C", "rural"), ("DE-SN", "B", "city"), ("DE-SN", "C", "rural"),
    ]  # fmt: skip


def _slots(times: int) -> list[tuple[str, str, str]]:
    """Return (state, tier, market type) so that states and peer groups both have their numbers."""
    free = {
        market: [tier for tier in TIERS for _ in range(PEER_GROUPS[tier, market] * times)]
        for market in MARKETS
    }
    for market in MARKETS:  # deal the tiers out evenly instead of all A first
        tiers = free[market]
        free[market] = [tiers[(i * 7) % len(tiers)] for i in range(len(tiers))] if len(tiers) % 7 else tiers
    slots = []
    city_states = {"DE-BE": ("metro",), "DE-HH": ("metro",), "DE-HB": ("city",)}
    for state, (_, wanted) in sorted(STATES.items(), key=lambda item: item[0] not in city_states):
        for _ in range(wanted * times):
            markets = city_states.get(state, MARKETS)
            market = max(markets, key=lambda name: len(free[name]))
            slots.append((state, free[market].pop(), market))
    return slots


def _town(state: str, market: str, turn: int) -> int:
    towns = [i for i, town in enumerate(TOWNS) if town.state == state and town.market_type == market]
    return towns[turn % len(towns)]


def _plant(seeds: Seeds, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return multipliers and what was planted ("weak", "strong" or ""): at most one planted step for a
    dealer.
    """
    rng = seeds.rng("dealer_effects")
    multiplier = np.clip(rng.normal(1.0, 0.012, (count, 5)), 0.97, 1.03)
    planted = np.full((count, 5), "", dtype="<U6")
    weak, strong = max(1, round(count * WEAK_SHARE)), max(1, round(count * STRONG_SHARE))
    chosen = rng.permutation(count)[: weak + strong]
    for turn, dealer in enumerate(chosen):
        step = turn % 5
        is_weak = turn < weak
        multiplier[dealer, step] = rng.uniform(0.45, 0.60) if is_weak else rng.uniform(1.10, 1.20)
        planted[dealer, step] = "weak" if is_weak else "strong"
    return multiplier, planted
