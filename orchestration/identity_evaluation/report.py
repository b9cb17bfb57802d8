"""What an evaluation reports."""

import resource
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from identity.evaluate import Evaluation


@dataclass(frozen=True)
class EvaluationReport:
    """Figures of one evaluation.

    `seconds`: wall-clock time by step, the start of Python not included; `peak_bytes`: the largest resident
    memory of this process so far; `notes`: what was left out or could not be read, one sentence each.
    """

    evaluation: Evaluation
    seconds: dict[str, float]
    peak_bytes: int
    labels: int
    notes: list[str] = field(default_factory=list)

    @property
    def total_seconds(self) -> float:
        """All steps together."""
        return sum(self.seconds.values())

    def as_json(self) -> dict[str, Any]:
        """Figures by name, for a program."""
        return {
            **self.evaluation.as_json(),
            "labels": self.labels,
            "seconds": round(self.total_seconds, 3),
            "seconds_by_step": {name: round(value, 3) for name, value in self.seconds.items()},
            "peak_memory_bytes": self.peak_bytes,
            "notes": self.notes,
        }


def peak_bytes() -> int:
    """Return the largest resident memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage would also know the process that started this one
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
