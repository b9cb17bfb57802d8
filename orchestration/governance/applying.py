"""From the registry to the published snapshot: compile, build what follows, publish."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indicators import compile as compiler
from indicators.dictionary import definition
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
_SEEDS = ("indicator_catalogue+", f"{GATE_SEED}+")


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
    """Tables of indicators that the snapshot does not know, or knows with another definition: they may have
    been compiled before and never built.
    """
    known = known_codes(settings)
    new = [code for code, item in registry.bases.items() if known.get(code) != definition(registry, item)]
    return {
        table.name
        for code in new
        for operand in registry.operands(code)
        for table in tables(registry, registry.process_of[operand])
        if operand in table.measures
    }
