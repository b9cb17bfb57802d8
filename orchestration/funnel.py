"""The network's funnel of the last year of data, for whoever tells about a run: command line and Dagster."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from serving.freshness import freshness
from serving.funnel import Funnel, funnel, targets
from serving.network import dealers
from serving.scope import Period
from serving.store import Store
from serving.weak_links import WeakLink, weak_links, window_for

PERIOD_DAYS = 365


@dataclass(frozen=True)
class NetworkFunnel:
    """The funnel of the whole network for the leads of ``period``, target rates by step, and weak links by
    cost.
    """

    period: Period
    steps: Funnel
    targets: dict[str, float]
    weak_links: list[WeakLink]
    has_dealers: bool

    @property
    def leads(self) -> int:
        """Counted leads: what the first step that has data begins with."""
        return max((step.entered for step in self.steps), default=0)


def network_funnel(snapshots_dir: Path) -> NetworkFunnel | None:
    """The funnel of the last 365 days that the snapshot knows; None where it holds no lead."""
    snapshot = Store(snapshots_dir).snapshot()
    as_of = freshness(snapshot).as_of
    if as_of is None:
        return None
    period = Period(as_of - timedelta(days=PERIOD_DAYS - 1), as_of)
    links = weak_links(snapshot, window_for(period, as_of))
    return NetworkFunnel(
        period, funnel(snapshot, period), targets(snapshot, period), links, bool(dealers(snapshot))
    )
