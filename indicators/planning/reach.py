"""How far the data of what a request reads reach, and what that means for the days that count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from indicators.planning.request import Coverage


@dataclass(frozen=True)
class Reach:
    """How far the data reach, for all that a request reads: `matures` days until a cohort is over,
    `is_snapshot` where a value is that of the last snapshot, `is_joint` where several processes are read.
    `coverage` is None where nobody looked.
    """

    coverage: Coverage | None
    matures: int | None
    is_snapshot: bool
    uses_days: bool
    is_joint: bool = False
    whole_months: bool = False  # it means something over whole months only
    rhythm: str | None = None  # `month` or `week` where a snapshot is taken only then

    @property
    def last_mature(self) -> date | None:
        """The youngest cohort that is over: its window ended before the data's last day."""
        if self.coverage is None or self.matures is None:
            return None
        return self.coverage.last - timedelta(days=self.matures + 1)

    @property
    def last(self) -> date | None:
        """The last day that counts."""
        return self.last_mature or (self.coverage.last if self.coverage else None)
