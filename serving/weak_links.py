"""The weakest stages of dealers, as `srv_weak_link` judges them. Nothing here decides what is weak.

A stage is weak when its rate falls short of the P75 of the dealer's peers by more than chance explains; the
shortfall is counted in delivered cars (definition in the model's description).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from serving.rows import rows
from serving.scope import NETWORK, Period, Scope
from serving.store import Snapshot

Window = Literal["90d", "365d", "all"]

_SELECT = """
    SELECT link.dealer_id, dealer_name, link.region_code, region_name, link.peer_group, peer_cnt, link.step,
           steps.step_no, steps.name AS step_name, coalesce(before.name, 'Lead') AS from_name,
           link.entered_cnt, link.passed_cnt, link.rate, benchmark_rate, interval_low, interval_high,
           coalesce(lost_deliveries, 0) AS lost_deliveries, is_weak, weak_rank
      FROM serving.srv_weak_link AS link
      JOIN serving.srv_funnel_step AS steps USING (step)
      JOIN serving.srv_dealer AS dealer USING (dealer_id)
      -- the stage that leads come from: the nearest earlier one that has data at all
      LEFT JOIN serving.srv_funnel_step AS before ON before.has_data AND before.step_no = (
           SELECT max(earlier.step_no) FROM serving.srv_funnel_step AS earlier
            WHERE earlier.has_data AND earlier.step_no < steps.step_no)
     WHERE link.period = $window
       AND ($region IS NULL OR link.region_code = $region) AND ($dealer IS NULL OR link.dealer_id = $dealer)
"""


@dataclass(frozen=True)
class WeakLink:
    """One dealer's step against its peers. Rates are shares; `lost_deliveries` is in cars; rank 1 costs
    most.
    """

    dealer_id: str
    dealer_name: str
    region_code: str | None
    region_name: str | None
    peer_group: str | None
    peer_cnt: int | None
    step: str
    step_no: int
    step_name: str
    from_name: str
    entered_cnt: int
    passed_cnt: int
    rate: float | None
    benchmark_rate: float | None
    interval_low: float | None
    interval_high: float | None
    lost_deliveries: float
    is_weak: bool
    weak_rank: int | None


def window_for(period: Period, as_of: date) -> Window:
    """The shortest judged window that reaches back to the period's first day, give or take a month.

    Weak links are judged on three fixed windows only, up to the youngest leads that can be judged: a period
    that ended before is covered, not matched, and whoever shows the links has to name the window.
    """
    reach = Period(period.first, as_of).days
    if reach <= 120:
        return "90d"
    return "365d" if reach <= 400 else "all"


def weak_links(snapshot: Snapshot, window: Window, scope: Scope = NETWORK) -> list[WeakLink]:
    """The weak stages of a scope's dealers, the one that costs most deliveries first."""
    return rows(
        snapshot,
        WeakLink,
        f"{_SELECT} AND is_weak ORDER BY weak_rank, link.dealer_id",
        _params(window, scope),
    )


def judged_steps(snapshot: Snapshot, window: Window, dealer_id: str) -> list[WeakLink]:
    """Every step of one dealer against its peers, weak or not, in the funnel's order."""
    return rows(
        snapshot, WeakLink, f"{_SELECT} ORDER BY steps.step_no", _params(window, Scope(dealer=dealer_id))
    )


def judged_dealers(snapshot: Snapshot, window: Window, scope: Scope = NETWORK) -> list[WeakLink]:
    """Every step of every dealer of a scope against its peers, weak or not, by dealer and step."""
    order = "ORDER BY dealer_name, link.dealer_id, steps.step_no"
    return rows(snapshot, WeakLink, f"{_SELECT} {order}", _params(window, scope))


def weakest_step(links: Sequence[WeakLink]) -> str | None:
    """The step at which `links` lose most deliveries together; None when nothing is weak."""
    lost: dict[str, float] = {}
    for link in links:
        lost[link.step] = lost.get(link.step, 0.0) + link.lost_deliveries
    return max(lost, key=lambda step: lost[step]) if lost else None


def _params(window: Window, scope: Scope) -> dict[str, str | None]:
    return {"window": window, "region": scope.region, "dealer": scope.dealer}
