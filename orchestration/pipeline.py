"""The steps of the flow, each a small function with a report; the command line and Dagster both call these.

    demo -> load -> build -> publish

No step takes the writer's lock by itself: whoever starts a chain of steps holds it for the whole chain
(``orchestration.lock.writer_lock``).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orchestration import dbt_build, origin
from orchestration.dbt_build import BuildReport
from orchestration.errors import ForecourtError
from orchestration.progress import Progress
from orchestration.settings import Settings
from orchestration.targets import LoadTarget, load_target

if TYPE_CHECKING:
    from ingestion.demo.world import WorldReport
    from ingestion.load import SourceReport
    from serving.snapshot import PublishReport


@dataclass(frozen=True)
class RunReport:
    """What one whole run did. ``seconds`` is wall-clock time."""

    world: "WorldReport | None"
    sources: "list[SourceReport]"
    build: BuildReport
    snapshot: "PublishReport"
    seconds: float

    @property
    def failed_sources(self) -> "list[SourceReport]":
        """The sources that could not be loaded."""
        return [source for source in self.sources if source.status == "failed"]


def demo(
    settings: Settings,
    progress: Progress,
    *,
    scale: str | None = None,
    seed: int | None = None,
    as_of: date | None = None,
) -> "WorldReport":
    """Write the demo world's source systems, or use those on disk where they are of the same world."""
    from ingestion.demo import write_world

    scale = scale or settings.demo.scale
    seed = settings.demo.seed if seed is None else seed
    folder = settings.demo_dir(scale)
    progress.step(f"Demo world of scale {scale} in {folder}")
    return write_world(folder, scale, seed, as_of or settings.demo.as_of, progress.say)


def load(
    settings: Settings,
    target: LoadTarget,
    progress: Progress,
    *,
    names: Sequence[str] = (),
    check: Callable[[], None] = lambda: None,
) -> "list[SourceReport]":
    """Bring the named sources (all five where none is named) into the warehouse; a failed one is reported,
    not raised.

    ``check`` is called after each source and may raise to stop.
    """
    from ingestion.config import SOURCE_NAMES
    from ingestion.load import load_sources
    from orchestration.reject_alarm import counts_of, watch_rejects

    said = origin.claim(settings, target.origin)
    if said:
        progress.say(said)
    reports = []
    wanted = list(names) or list(SOURCE_NAMES)
    for number, name in enumerate(wanted):
        progress.step(f"Loading {name}")
        progress.advance(number, len(wanted))
        reports += load_sources(
            settings.warehouse, settings.pipelines_dir, target.configs, [name], progress.say
        )
        check()
    for alert in watch_rejects(settings, counts_of(reports)):
        progress.say(f"Alert: {alert.title}. {alert.text}")
    return reports


def build(
    settings: Settings,
    progress: Progress,
    *,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
    full_refresh: bool = False,
) -> BuildReport:
    """Run dbt over the warehouse. Raises ``BuildFailedError`` where a model or a test broke."""
    if not settings.warehouse.exists():
        raise ForecourtError(
            f"There is no warehouse at {settings.warehouse} yet: run `forecourt load` or `forecourt run`."
        )
    from orchestration.stewardship.answers import bring_answers

    answers = bring_answers(settings)
    if answers:
        progress.say(f"{answers:,} answers of the identity review are taken into account")
    progress.step("Building models and running their tests")
    report = dbt_build.build(
        settings,
        select=select,
        exclude=exclude,
        full_refresh=full_refresh,
        say=progress.say,
        on_node=progress.advance,
    )
    if not select and not exclude:
        from orchestration.refresher.changes import remember_build

        remember_build(settings)
    return report


def publish(settings: Settings, progress: Progress) -> "PublishReport":
    """Make the warehouse's cubes and serving models the current snapshot, with what is known about each
    indicator.
    """
    from orchestration.governance.gather import gather

    progress.step("Gathering the dictionary")
    gather(settings, progress)
    progress.step("Publishing the snapshot")
    return publish_snapshot(settings)


def publish_snapshot(settings: Settings) -> "PublishReport":
    """Make the warehouse as it stands the current snapshot."""
    from serving import snapshot
    from serving.identity_key import ensure_key

    return snapshot.publish(
        settings.warehouse,
        settings.snapshots_dir,
        as_of=_as_of(settings),
        key=ensure_key(settings),
        keep=settings.keep_snapshots,
    )


def run(
    settings: Settings,
    progress: Progress,
    *,
    scale: str | None = None,
    target: LoadTarget | None = None,
    check: Callable[[], None] = lambda: None,
) -> RunReport:
    """All steps in order. A failed source lets the others go on; a failed build raises and publishes
    nothing.
    """
    started = time.perf_counter()
    world = None
    if target is None and (scale or settings.sources.is_empty):
        world = demo(settings, progress, scale=scale)
        check()
    target = target or load_target(settings, world.folder if world else None)
    sources = load(settings, target, progress, check=check)
    if all(source.status == "failed" for source in sources if source.status != "not_configured"):
        reasons = "; ".join(
            f"{source.source}: {source.message}" for source in sources if source.status == "failed"
        )
        raise ForecourtError(f"No source could be loaded, so nothing was built or published. {reasons}")
    built = build(settings, progress)
    check()
    published = publish(settings, progress)
    return RunReport(world, sources, built, published, time.perf_counter() - started)


def _as_of(settings: Settings) -> date | None:
    """The last day of a demo world; None for other data, whose last day stands in the data themselves."""
    made_from = origin.read(settings) or {}
    return date.fromisoformat(str(made_from["as_of"])) if "as_of" in made_from else None
