"""From the registry to the published snapshot: compile, build what follows, publish."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indicators import compile as compiler
from indicators.digest import DIGEST_SEED, MODIFIER, digests
from indicators.gates import GATE_SEED
from indicators.registry import Registry
from indicators.tables import tables
from orchestration import pipeline
from orchestration.dbt_build import BuildReport
from orchestration.progress import Progress
from orchestration.settings import Settings

if TYPE_CHECKING:
    from serving.snapshot import PublishReport

# Of the registry itself: always built, whatever changed.
_SEEDS = ("indicator_catalogue+", f"{GATE_SEED}+", f"{DIGEST_SEED}+")


@dataclass(frozen=True)
class Applied:
    """What was written, built and published."""

    written: tuple[str, ...]
    build: BuildReport
    snapshot: "PublishReport"


def apply_registry(settings: Settings, registry: Registry, progress: Progress) -> Applied:
    """Compile, build what changed with everything after it, and publish. The caller holds the lock."""
    progress.step("Compiling the registry")
    differences = compiler.write(registry, settings.dbt_project_dir)
    changed = {
        Path(one.path).stem
        for one in differences
        if one.kind != "stale" and Path(one.path).parent == Path(compiler.MODELS)
    }
    select = [f"{name}+" for name in sorted(changed | _not_published(settings, registry))]
    built = pipeline.build(settings, progress, select=[*_SEEDS, *select])
    published = pipeline.publish(settings, progress)
    return Applied(tuple(one.path for one in differences), built, published)


def known_codes(settings: Settings) -> dict[str, str]:
    """The codes of the published dictionary with their definitions; none where nothing is published."""
    from serving.dictionary import entries
    from serving.errors import SnapshotError
    from serving.store import Store

    try:
        return {one.code: one.definition for one in entries(Store(settings.snapshots_dir).snapshot())}
    except SnapshotError:
        return {}


def _not_published(settings: Settings, registry: Registry) -> set[str]:
    """Tables that hold something of which the snapshot knows no definition or another one: they may have been
    compiled before and never built.
    """
    from serving.definitions import changed
    from serving.errors import SnapshotError
    from serving.store import Store

    try:
        names = changed(Store(settings.snapshots_dir).snapshot(), registry)
    except SnapshotError:
        names = set(digests(registry))
    operands = {one for code in names & set(registry.bases) for one in registry.operands(code)}
    modified = {
        process for name, held in registry.modifiers.items() if MODIFIER + name in names for process in held
    }
    return {
        table.name
        for process in registry.all_processes
        for table in tables(registry, process)
        if process.process in modified or not operands.isdisjoint(table.measures)
    }
