"""What there is to say of the network, a region or a dealer: the rows of `srv_insight`, judged there."""

from dataclasses import dataclass
from typing import Literal

from serving.rows import rows
from serving.scope import Scope
from serving.store import Snapshot
from serving.weak_links import Window


@dataclass(frozen=True)
class Insight:
    """One thing to say. Rates are shares; see the model's columns for what is set against what.

    `subject_name` is the region's or the dealer's name, None for the network; `from_step` is the stage that
    leads come from, `lead` for the first.
    """

    kind: Literal["loss", "change"]
    subject: Literal["network", "region", "dealer"]
    subject_id: str | None
    subject_name: str | None
    step: str
    from_step: str
    rate: float
    reference_rate: float
    lost_deliveries: float | None
    dealer_cnt: int | None
    heavy_dealer_cnt: int | None


_SELECT = """
    SELECT kind, subject, coalesce(dealer_id, found.region_code) AS subject_id,
           coalesce(dealer_name, region.region_name) AS subject_name, found.step,
           coalesce(before.step, 'lead') AS from_step, rate, reference_rate, lost_deliveries, dealer_cnt,
           heavy_dealer_cnt
      FROM serving.srv_insight AS found
      JOIN serving.srv_funnel_step AS steps USING (step)
      LEFT JOIN serving.srv_dealer AS dealer USING (dealer_id)
      LEFT JOIN serving.srv_region AS region ON region.region_code = found.region_code
      LEFT JOIN serving.srv_funnel_step AS before ON before.has_data AND before.step_no = (
           SELECT max(earlier.step_no) FROM serving.srv_funnel_step AS earlier
            WHERE earlier.has_data AND earlier.step_no < steps.step_no)
"""


def insights(snapshot: Snapshot, window: Window, scope: Scope) -> list[Insight]:
    """What there is to say of exactly this scope, losses first, the costliest first.

    Changes are judged on 90 days whatever the window is.
    """
    return rows(
        snapshot,
        Insight,
        f"""{_SELECT}
         WHERE period = CASE kind WHEN 'change' THEN '90d' ELSE $window END
           AND subject = $subject AND found.dealer_id IS NOT DISTINCT FROM $dealer
           AND ($subject <> 'region' OR found.region_code = $region)
         ORDER BY kind DESC, insight_rank, found.step
        """,
        {"window": window, "subject": subject_of(scope), "dealer": scope.dealer, "region": scope.region},
    )


def worst_parts(
    snapshot: Snapshot, window: Window, part: Literal["region", "dealer"], limit: int = 3
) -> list[Insight]:
    """The losses of the costliest regions or dealers that the reader sees, one for each at most."""
    return rows(
        snapshot,
        Insight,
        f"""{_SELECT}
         WHERE period = $window AND kind = 'loss' AND subject = $part AND insight_rank = 1
         ORDER BY lost_deliveries DESC, subject_id LIMIT $limit
        """,
        {"window": window, "part": part, "limit": limit},
    )


def subject_of(scope: Scope) -> Literal["network", "region", "dealer"]:
    """What the rows of a scope are called in the model."""
    if scope.dealer:
        return "dealer"
    return "region" if scope.region else "network"
