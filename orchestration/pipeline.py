"""The steps of the flow, each a small function with a report; the command line and Dagster both call these.

    demo -> load -> build -> publish

No step takes the writer's lock by itself: whoever starts a chain of steps holds it for the whole chain
(``orchestration.lock.writer_lock``).
"""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import dbt_build, origin
from orchestration.dbt_build import BuildReport
from orchestration.errors import ForecourtError
from orchestration.progress import Progress
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.load import SourceReport

    from ingestion.config import SourceConfigs
    from serving.snapshot import PublishReport


@dataclass(frozen=True)
class World:
    """A demo world on disk. ``counts`` are the rows of each entity; ``is_reused`` where it was there
    already.
    """

    folder: Path
    scale: str
    seed: int
    as_of: date
    is_reused: bool
    seconds: float


@dataclass(frozen=True)
class LoadTarget:
    """What is loaded: the addresses, and the day that the data stand for where it is not today."""

    configs: "SourceConfigs"
    origin: dict[str, object]
    as_of: date | None = None


@dataclass(frozen=True)
class RunReport:
    """What one whole run did. ``seconds`` is wall-clock time."""

    world: World | None
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
    reuse: bool = True,
) -> World:
    """Write the demo world's source systems, or use those on disk where they were made with the same three
    values.
    """
    from ingestion.demo import write_world

    scale = scale or settings.demo.scale
    seed = settings.demo.seed if seed is None else seed
    as_of = as_of or settings.demo.as_of
    folder = settings.demo_dir(scale)
    started = time.perf_counter()
    if reuse and _describes(folder / "world.json", scale, seed, as_of):
        return World(folder, scale, seed, as_of, True, time.perf_counter() - started)
    progress.step(f"Writing the {scale} demo world to {folder}")
    # Written apart and moved into place: a world that was stopped half-way is never taken for a whole one.
    building = folder.with_name(f".{scale}.building")
    shutil.rmtree(building, ignore_errors=True)
    write_world(building, scale, seed, as_of, on_progress=progress.say)
    shutil.rmtree(folder, ignore_errors=True)
    building.replace(folder)
    return World(folder, scale, seed, as_of, False, time.perf_counter() - started)


def load_target(settings: Settings, world: World | None) -> LoadTarget:
    """What to load: the demo world where there is one, else the configured sources."""
    if world is not None:
        from ingestion.demo import source_configs

        made_from = {
            "kind": "demo",
            "scale": world.scale,
            "seed": world.seed,
            "as_of": world.as_of.isoformat(),
        }
        return LoadTarget(source_configs(world.folder), made_from, world.as_of)
    if settings.sources.is_empty:
        raise ForecourtError(
            "No source is configured: name one in forecourt.toml (see forecourt.example.toml), "
            "or use `forecourt run`, which writes a demo world first."
        )
    return LoadTarget(settings.source_configs(), {"kind": "sources"})


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
    from ingestion.load import load_sources

    from ingestion.config import SOURCE_NAMES

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
    progress.step("Building models and running their tests")
    return dbt_build.build(
        settings,
        select=select,
        exclude=exclude,
        full_refresh=full_refresh,
        say=progress.say,
        on_node=progress.advance,
    )


def publish(settings: Settings, progress: Progress, *, as_of: date | None = None) -> "PublishReport":
    """Make the warehouse's cubes and serving models the current snapshot."""
    from serving import snapshot

    progress.step("Publishing the snapshot")
    return snapshot.publish(
        settings.warehouse,
        settings.snapshots_dir,
        as_of=as_of or _as_of(settings),
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
    world = (
        demo(settings, progress, scale=scale)
        if target is None and (scale or settings.sources.is_empty)
        else None
    )
    check()
    target = target or load_target(settings, world)
    sources = load(settings, target, progress, check=check)
    if all(source.status == "failed" for source in sources if source.status != "not_configured"):
        reasons = "; ".join(
            f"{source.source}: {source.message}" for source in sources if source.status == "failed"
        )
        raise ForecourtError(f"No source could be loaded, so nothing was built or published. {reasons}")
    built = build(settings, progress)
    check()
    published = publish(settings, progress, as_of=target.as_of)
    return RunReport(world, sources, built, published, time.perf_counter() - started)


def _describes(file: Path, scale: str, seed: int, as_of: date) -> bool:
    """True where ``world.json`` is of just this world."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return False
    return (found.get("scale"), found.get("seed"), str(found.get("as_of"))) == (
        scale,
        seed,
        as_of.isoformat(),
    )


def _as_of(settings: Settings) -> date | None:
    """The day that a demo warehouse stands for; None for real sources, which stand for the day of
    publishing.
    """
    try:
        made_from = json.loads((settings.data_dir / "origin.json").read_text())
    except (OSError, ValueError):
        return None
    return date.fromisoformat(made_from["as_of"]) if made_from.get("as_of") else None


def known_world(settings: Settings) -> World | None:
    """The demo world that the warehouse was made from, where it is still on disk."""
    try:
        made_from = json.loads((settings.data_dir / "origin.json").read_text())
    except (OSError, ValueError):
        return None
    if made_from.get("kind") != "demo":
        return None
    folder, as_of = settings.demo_dir(made_from["scale"]), date.fromisoformat(made_from["as_of"])
    if not _describes(folder / "world.json", made_from["scale"], made_from["seed"], as_of):
        return None
    return World(folder, made_from["scale"], made_from["seed"], as_of, True, 0.0)
