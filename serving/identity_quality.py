"""How well OneID does, build by build: what the Data health page shows."""

from dataclasses import dataclass
from datetime import datetime

from serving.rows import rows
from serving.store import Snapshot


@dataclass(frozen=True)
class IdentityBuild:
    """The figures of one build of OneID. `unified_rate` is the share of records whose person is known in at
    least two source systems; `mean_match_weight` is in bits, None without scores; `jump` names what differs
    too much from the build before.
    """

    built_at: datetime
    record_cnt: int
    person_cnt: int
    unified_rate: float | None
    duplicate_cnt: int
    conflict_cnt: int
    guarded_cnt: int
    review_cnt: int
    largest_person_cnt: int
    mean_match_weight: float | None
    jump: str | None


def identity_builds(snapshot: Snapshot, limit: int = 60) -> list[IdentityBuild]:
    """The last builds, oldest first."""
    return rows(
        snapshot,
        IdentityBuild,
        """
        SELECT built_at, record_cnt, person_cnt, unified_rate, duplicate_cnt, conflict_cnt, guarded_cnt,
               review_cnt, largest_person_cnt, mean_match_weight, jump
          FROM (FROM serving.srv_identity_quality ORDER BY built_at DESC LIMIT $limit) ORDER BY built_at
        """,
        {"limit": limit},
    )
