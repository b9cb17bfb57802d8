"""The compiler: the registry as dbt models, committed, so that a fresh clone builds and reviews show SQL."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from indicators.digest import DIGEST_SEED, digest_seed
from indicators.gates import GATE_SEED, gate_seed
from indicators.models import Process
from indicators.registry import Registry
from indicators.rendering.catalogue import CATALOGUE, catalogue_properties, catalogue_seed
from indicators.rendering.cubes import cube_sql, rollup_sql
from indicators.rendering.histograms import histogram_sql
from indicators.rendering.people import person_sql
from indicators.rendering.properties import properties
from indicators.rendering.restatement import RESTATEMENT, restatement_properties, restatement_sql
from indicators.rendering.semantic import reached_yaml, semantic_yaml
from indicators.tables import Table, tables

MODELS = "models/indicators"
SEMANTIC = f"{MODELS}/semantic"
SEEDS = "seeds"


@dataclass(frozen=True)
class Difference:
    """A file of the dbt project that is not what the compiler writes: missing, changed or stale."""

    path: str
    kind: str
    diff: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.path}" + (f"\n{self.diff}" if self.diff else "")


def compile_registry(registry: Registry) -> dict[str, str]:
    """Every file that follows from the registry: path inside the dbt project -> text."""
    files: dict[str, str] = {}
    for process in registry.all_processes:
        held = tables(registry, process)
        cube = next((table for table in held if table.kind == "cube"), None)
        for table in held:
            path = f"{MODELS}/{table.name}"
            files[f"{path}.sql"] = _sql(registry, process, table, cube)
            files[f"{path}.yml"] = properties(registry, process, table, cube)
        files[f"{SEMANTIC}/{process.process}.yml"] = semantic_yaml(registry, process)
    files[f"{MODELS}/{RESTATEMENT}.sql"] = restatement_sql(registry)
    files[f"{MODELS}/{RESTATEMENT}.yml"] = restatement_properties()
    files[f"{SEMANTIC}/_reached.yml"] = reached_yaml(registry)
    files[f"{SEEDS}/{CATALOGUE}.csv"] = catalogue_seed(registry)
    files[f"{SEEDS}/{CATALOGUE}.yml"] = catalogue_properties(registry)
    files[f"{SEEDS}/{GATE_SEED}.csv"] = gate_seed(registry)
    files[f"{SEEDS}/{DIGEST_SEED}.csv"] = digest_seed(registry)
    return files


def _sql(registry: Registry, process: Process, table: Table, cube: Table | None) -> str:
    if table.kind == "rollup" and cube is not None:
        return rollup_sql(registry, process, table, cube)
    write = {"cube": cube_sql, "person": person_sql, "histogram": histogram_sql}[table.kind]
    return write(registry, process)


def check(registry: Registry, project: Path) -> list[Difference]:
    """What differs between the dbt project and what the compiler would write there."""
    files = compile_registry(registry)
    differences = [Difference(path, "stale") for path in _stale(project, files)]
    for path, text in files.items():
        file = project / path
        if not file.exists():
            differences.append(Difference(path, "missing"))
        elif (found := file.read_text(encoding="utf-8")) != text:
            diff = difflib.unified_diff(
                found.splitlines(), text.splitlines(), "found", "compiled", "", "", 1, ""
            )
            differences.append(Difference(path, "changed", "\n".join(diff)))
    return sorted(differences, key=lambda difference: difference.path)


def write(registry: Registry, project: Path) -> list[Difference]:
    """Write what differs, delete what is stale; returns what was done."""
    differences = check(registry, project)
    files = compile_registry(registry)
    for difference in differences:
        file = project / difference.path
        if difference.kind == "stale":
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(files[difference.path], encoding="utf-8")
    return differences


def _stale(project: Path, files: dict[str, str]) -> list[str]:
    """Compiled-looking files that nothing compiles to any more."""
    found = [*(project / MODELS).glob("ind_*"), *(project / SEMANTIC).glob("*.yml")]
    return [path for path in (file.relative_to(project).as_posix() for file in found) if path not in files]
