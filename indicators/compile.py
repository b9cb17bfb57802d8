"""The compiler: the registry as dbt models, committed, so that a fresh clone builds and reviews show SQL."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from indicators import render_properties, render_sql
from indicators.registry import Registry

MODELS = "models/indicators"
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
        additive, distinct = render_sql.split(registry, process)
        if additive:
            path = f"{MODELS}/{render_sql.cube_name(process)}"
            files[f"{path}.sql"] = render_sql.cube_sql(registry, process)
            files[f"{path}.yml"] = render_properties.cube_properties(registry, process)
        if distinct:
            path = f"{MODELS}/{render_sql.person_name(process)}"
            files[f"{path}.sql"] = render_sql.person_sql(registry, process)
            files[f"{path}.yml"] = render_properties.person_properties(registry, process)
    files[f"{SEEDS}/{render_properties.CATALOGUE}.csv"] = render_properties.catalogue_seed(registry)
    files[f"{SEEDS}/{render_properties.CATALOGUE}.yml"] = render_properties.catalogue_properties(registry)
    return files


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
    found = (project / MODELS).glob("ind_*")
    return [path for path in (file.relative_to(project).as_posix() for file in found) if path not in files]
