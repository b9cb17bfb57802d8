"""How long the parts of a pass took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from orchestration.refresher.journal import Stage


class Timing:
    """Seconds of one pass, and of its stages. Stages of one name (those of several live passes inside a full
    one) are kept apart.
    """

    def __init__(self) -> None:
        self.started_at = datetime.now(UTC).isoformat()
        self.stages: list[Stage] = []
        self._start, self._cpu = time.perf_counter(), time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block, also where it raises."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            ended = time.perf_counter()
            self.stages.append(Stage(name, round(begun - self._start, 4), round(ended - begun, 4)))

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return round(time.perf_counter() - self._start, 4)

    @property
    def cpu_seconds(self) -> float:
        """Processor seconds of this process since the start."""
        return round(time.process_time() - self._cpu, 4)
