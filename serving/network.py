"""Who is in the network: regions and dealers."""

from dataclasses import dataclass

from serving.rows import rows
from serving.store import Snapshot


@dataclass(frozen=True)
class Region:
    """A region (ISO 3166-2 code) that has dealers or leads."""

    region_code: str
    region_name: str


@dataclass(frozen=True)
class Dealer:
    """A dealer and what its peers are chosen by."""

    dealer_id: str
    dealer_name: str
    region_code: str | None
    region_name: str | None
    tier: str | None
    market_type: str | None


def regions(snapshot: Snapshot) -> list[Region]:
    """Every region, by name."""
    return rows(
        snapshot, Region, "SELECT region_code, region_name FROM serving.srv_region ORDER BY region_name, 1"
    )


def dealers(snapshot: Snapshot) -> list[Dealer]:
    """Every dealer, by name."""
    return rows(
        snapshot,
        Dealer,
        """
        SELECT dealer_id, dealer_name, region_code, region_name, tier, market_type
          FROM serving.srv_dealer ORDER BY dealer_name, dealer_id
        """,
    )
