"""The full lane: batch sources -> everything that follows from what changed, in slices -> a whole snapshot.

What changed is found by comparing, not by believing: each raw table's rows and last load with those of the
last full pass that ended, then each model's content before and after it ran. A model of which no parent
changed is not run. The states are kept in the warehouse and written when the pass has ended: one that was
killed begins again with the same changes.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orchestration.dbt_build import close_warehouse
from orchestration.refresher.changes import Changes, has_news, note, noted
from orchestration.refresher.journal import SourceRows
from orchestration.refresher.live_lane import CUBES, PULSE
from orchestration.refresher.slices import Slices, children, parents
from orchestration.refresher.timing import Timing
from orchestration.settings import Settings
from orchestration.targets import known_target

if TYPE_CHECKING:
    from ingestion.load import SourceReport

# dbt tells what belongs to one run of OneID by the instant at which it started: it is never cut in two.
# It comes when nothing else is ready: then all that it reads is there.
WHOLE_FOLDER = "identity"
UNTESTED = "untested"
PUBLISHED = frozenset((*PULSE, *CUBES))  # and what they are made of
MODEL_SECONDS, TEST_SECONDS = 0.1, 0.03  # of one, roughly: how many fit into a slice


class FullLane:
    """One installation's full lane."""

    def __init__(self, settings: Settings, slices: Slices) -> None:
        self._settings, self._slices = settings, slices
        self._untested: frozenset[str] | None = None

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

    def has_news(self) -> bool:
        """Is there anything that the last full pass did not see, but for events that the live lane brings?"""
        return has_news(self._slices, but="raw_app")

    @property
    def untested(self) -> frozenset[str]:
        """Models of the live lane that a full pass has made anew and whose tests have not passed since: they
        must not be published. Kept over restarts.
        """
        if self._untested is None:
            kept = noted(self._slices, UNTESTED)
            self._untested = frozenset(kept.split()) if kept else frozenset()
        return self._untested

    def build(self, timing: Timing, budget: Callable[[], float]) -> Iterator[list[str]]:
        """Bring every model up to date, yielding after each slice of about ``budget()`` seconds what was
        built, where a live pass may come in between.

        Then the tests of what changed; those of the live lane's models as soon as they can be run. Raises
        ``BuildFailedError`` where a model or a test broke.
        """
        changes = Changes(self._slices)
        tested: set[str] = set()
        made: list[str] = []
        is_identified = False
        while ready := changes.ready():
            # From OneID to what the live lane counts by it there is no place for a live pass: it would count
            # a person under the old number and the new one.
            linked = changes.waits(self._bridge) if is_identified else []
            ids = self._slice([one for one in ready if one in linked] or ready, budget())
            self._distrust(ids)
            self._run(ids, "build", timing)
            changes.built(ids)
            is_identified = is_identified or any(self._is_identity(one) for one in ids)
            made += [self._slices.project.nodes[one].name for one in ids]
            if not (is_identified and changes.waits(self._bridge)):
                tested |= self._trust(changes, tested, timing)
                yield made
                made = []
        tests = [one for one in changes.tests() if one not in tested]
        while tests:
            size = _tests_for(budget())
            part, tests = tests[:size], tests[size:]
            self._run(part, "test", timing)
            yield []
        self._note_untested(frozenset())
        changes.close()

    def _run(self, ids: list[str], stage: str, timing: Timing) -> None:
        with timing.stage(stage):
            self._slices.run(ids, "full", threads=self._settings.dbt_threads, hooks=True)

    def _distrust(self, ids: list[str]) -> None:
        """Before models are made anew: what the live lane publishes of them has not passed its tests."""
        names = {self._slices.project.nodes[one].name for one in ids} & PUBLISHED
        if names - self.untested:
            self._note_untested(self.untested | names)

    def _trust(self, changes: Changes, tested: set[str], timing: Timing) -> set[str]:
        """Run the tests of untested models, as far as nothing that they read will change again; returns the
        tests that were run.
        """
        if not self.untested:
            return set()
        nodes = self._slices.project.nodes
        of: dict[str, set[str]] = {}
        for one in changes.tests():
            for name in self.untested & {
                nodes[p].name for p in parents(self._slices.project, one) if p in nodes
            }:
                of.setdefault(name, set()).add(one)
        waiting = set(changes.waits(self._slices.ids(self.untested)))
        due = {one for tests in of.values() for one in tests if one not in tested and changes.is_settled(one)}
        if due:
            self._run(sorted(due), "test", timing)
        done = tested | due
        passed = {
            name
            for name, [unique_id] in ((name, self._slices.ids([name])) for name in self.untested)
            if unique_id not in waiting and of.get(name, set()) <= done
        }
        self._note_untested(self.untested - passed)
        return due

    def _note_untested(self, names: frozenset[str]) -> None:
        if names != self.untested:
            note(self._slices, UNTESTED, " ".join(sorted(names)) or None)
            self._untested = names

    @cached_property
    def _bridge(self) -> frozenset[str]:
        """What follows from OneID and leads to what the live lane counts with every pass, that included."""
        project = self._slices.project
        above: set[str] = set()
        wanted = self._slices.ids(PULSE)
        while wanted:
            one = wanted.pop()
            if one in project.nodes and one not in above:
                above.add(one)
                wanted += parents(project, one)
        below: set[str] = set()
        below_of = children(project)
        wanted = [one for one in project.nodes if self._is_identity(one)]
        while wanted:
            for child in below_of.get(wanted.pop(), []):
                if child not in below:
                    below.add(child)
                    wanted.append(child)
        return frozenset(one for one in above & below if not self._is_identity(one))

    def _is_identity(self, unique_id: str) -> bool:
        node = self._slices.project.nodes[unique_id]
        return bool(node.resource_type == "model" and node.fqn[1] == WHOLE_FOLDER and node.config.enabled)

    def _slice(self, ready: list[str], budget: float) -> list[str]:
        others = [one for one in ready if not self._is_identity(one)]
        if others:
            return others[: max(1, int(budget / MODEL_SECONDS))]
        return [one for one in self._slices.project.nodes if self._is_identity(one)]


def _tests_for(budget: float) -> int:
    return max(5, int(budget / TEST_SECONDS))


def _rows(report: "SourceReport") -> SourceRows:
    total: dict[str, Any] = {
        what: sum(getattr(one, what) for one in report.entities)
        for what in ("read", "loaded", "rejected", "repeated")
    }
    message = report.message if report.status == "failed" else ""
    return SourceRows(report.source, "batch", **total, message=message)
