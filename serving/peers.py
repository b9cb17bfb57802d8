"""Groups of at least five dealers, without names: what a reader of single dealers may be compared with."""

from dataclasses import dataclass
from typing import Literal

from serving.rows import rows
from serving.store import Snapshot
from serving.weak_links import Window

GroupKind = Literal["network", "region", "peer_group"]


@dataclass(frozen=True)
class PeerStep:
    """One step of a group's dealers together, with the middle half of their single rates (shares)."""

    group_kind: GroupKind
    group_code: str
    step_no: int
    step: str
    dealer_cnt: int
    entered_cnt: int
    rate: float
    rate_p25: float
    rate_p75: float


def peer_steps(snapshot: Snapshot, window: Window, kind: GroupKind, code: str = "network") -> list[PeerStep]:
    """The steps of one group in the funnel's order; empty for a group of too few dealers."""
    return rows(
        snapshot,
        PeerStep,
        """
        SELECT group_kind, group_code, step_no, step, dealer_cnt, entered_cnt, rate, rate_p25, rate_p75
          FROM serving.srv_peer_funnel
         WHERE period = $window AND group_kind = $kind AND group_code = $code ORDER BY step_no
        """,
        {"window": window, "kind": kind, "code": code},
    )
