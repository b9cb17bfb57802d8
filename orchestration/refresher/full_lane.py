"""The full lane: batch sources -> everything that follows from what changed, in slices -> a whole snapshot.

What changed is found by comparing, not by believing: each raw table's rows and last load with those of the
last full pass that ended, then each model's content before and after it ran. A model of which no parent
changed is not run. The states are kept in the warehouse and written when the pass has ended: one that was
killed begins again with the same changes.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from orchestration.dbt_build import close_warehouse
from orchestration.refresher.changes import Changes
from orchestration.refresher.journal import SourceRows
from orchestration.refresher.slices import Slices
from orchestration.refresher.timing import Timing
from orchestration.settings import Settings
from orchestration.targets import known_target

if TYPE_CHECKING:
    from ingestion.load import SourceReport

# dbt tells what belongs to one run of OneID by the instant at which it started: it is never cut in two.
# It comes when nothing else is ready: then all that it reads is there.
WHOLE_FOLDER = "identity"
MODEL_SECONDS, TEST_SECONDS = 0.1, 0.03  # of one, roughly: how many fit into a slice


class FullLane:
    """One installation's full lane."""

    def __init__(self, settings: Settings, slices: Slices) -> None:
        self._settings, self._slices = settings, slices

    def load(self, names: list[str], timing: Timing) -> list[SourceRows]:
        """Load batch sources through dlt; the warehouse is closed for it. A source that fails is reported."""
        from ingestion.load import load_sources

        close_warehouse()
        target = known_target(self._settings)
        configs = target.configs.model_copy(update={"app_segments": False})
        rows: list[SourceRows] = []
        for name in names:
            with timing.stage(f"load.{name}"):
                reports = load_sources(
                    self._settings.warehouse, self._settings.pipelines_dir, configs, [name]
                )
            rows += [_rows(report) for report in reports if report.status != "not_configured"]
        return rows

    def build(self, timing: Timing, budget: Callable[[], float]) -> Iterator[list[str]]:
        """Bring every model up to date, yielding after each slice of about ``budget()`` seconds what was
        built.

        Then the tests of what changed. Raises ``BuildFailedError`` where a model or a test broke.
        """
        changes = Changes(self._slices)
        while ready := changes.ready():
            ids = self._slice(ready, budget())
            with timing.stage("build"):
                self._slices.run(ids, "full", threads=self._settings.dbt_threads, hooks=True)
            changes.built(ids)
            yield [self._slices.project.nodes[one].name for one in ids]
        tests = changes.tests()
        while tests:
            size = _tests_for(budget())
            part, tests = tests[:size], tests[size:]
            with timing.stage("test"):
                self._slices.run(part, "full", threads=self._settings.dbt_threads, hooks=True)
            yield []
        changes.close()

    def _slice(self, ready: list[str], budget: float) -> list[str]:
        nodes = self._slices.project.nodes
        others = [
            one for one in ready if nodes[one].fqn[1] != WHOLE_FOLDER or nodes[one].resource_type == "seed"
        ]
        if others:
            return others[: max(1, int(budget / MODEL_SECONDS))]
        return [
            one
            for one, node in nodes.items()
            if node.resource_type == "model" and node.fqn[1] == WHOLE_FOLDER and node.config.enabled
        ]


def _tests_for(budget: float) -> int:
    return max(5, int(budget / TEST_SECONDS))


def _rows(report: "SourceReport") -> SourceRows:
    total: dict[str, Any] = {
        what: sum(getattr(one, what) for one in report.entities)
        for what in ("read", "loaded", "rejected", "repeated")
    }
    message = report.message if report.status == "failed" else ""
    return SourceRows(report.source, "batch", **total, message=message)
