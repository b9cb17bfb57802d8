"""What is loaded and nobody sees yet: kept until a layer or a snapshot has it, whatever fails meanwhile."""

import time
from dataclasses import dataclass, field
from typing import Any

from ingestion.live.load import Loaded
from orchestration.refresher.journal import LaneName
from orchestration.refresher.live_lane import lag

RETRY_SECONDS = 5.0  # after a pass that failed or was held; then twice as long
LONGEST_RETRY = 60.0


@dataclass
class Unpublished:
    """Loads in their order. ``is_built``: do the models have all of them?"""

    loads: list[Loaded] = field(default_factory=list)
    is_built: bool = True
    _since: float = 0.0

    def add(self, loaded: Loaded) -> None:
        """These rows are in the warehouse now."""
        if not self.loads:
            self._since = time.time()
        self.loads.append(loaded)
        self.is_built = False

    def publish(self) -> dict[str, Any]:
        """All of them are published at this moment: what a pass tells about that."""
        at, loads = time.time(), self.loads
        self.loads = []
        return lag(loads, at)

    def as_json(self) -> dict[str, float]:
        """How much it is, as the refresher's state tells it."""
        # A list that grows in another thread may be read: what is told is from a moment ago at worst.
        loads = list(self.loads)
        age = max(0.0, time.time() - self._since) if loads else 0.0
        segments = sum(len(one.segments) for one in loads)
        return {
            "segments": segments,
            "events": sum(one.rows for one in loads),
            "oldest_seconds": round(age, 3),
        }


@dataclass
class Retries:
    """How often each lane has failed in a row, and when the live lane may try again."""

    failures: dict[LaneName, int] = field(default_factory=lambda: {"live": 0, "full": 0})
    _at: float = 0.0

    def worked(self, lane: LaneName) -> None:
        """A pass of the lane ended well."""
        self.failures[lane] = 0
        if lane == "live":
            self._at = 0.0

    def failed(self, lane: LaneName) -> None:
        """A pass of the lane failed: the pause before the next one doubles."""
        self.failures[lane] += 1
        if lane == "live":
            self._at = time.monotonic() + min(RETRY_SECONDS * 2.0 ** (self.failures[lane] - 1), LONGEST_RETRY)

    def held(self) -> None:
        """A live pass worked and must not publish yet."""
        self.failures["live"] = 0
        self._at = time.monotonic() + RETRY_SECONDS

    def release(self) -> None:
        """What held the live lane is over."""
        self._at = 0.0

    @property
    def may_try(self) -> bool:
        """Is the pause of the live lane over?"""
        return time.monotonic() >= self._at
