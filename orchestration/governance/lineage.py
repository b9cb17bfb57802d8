"""The column lineage of this installation's dbt project, from dbt's compiled SQL.

The manifest of a whole build holds every model's SQL. Where there was none yet, or the project has changed
since, dbt compiles the project once more on an empty in-memory database, so that no lock is needed.
"""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from indicators.lineage import Lineage, Relation, column_lineage
from orchestration.dbt_build import BuildFailedError, dbt_arguments, warehouse_variable
from orchestration.settings import Settings

Manifest = dict[str, Any]
_READ = ("model", "seed", "snapshot")


def project_lineage(settings: Settings) -> Lineage:
    """The lineage of every model, kept beside the manifest under its hash."""
    file = compiled_manifest(settings)
    key = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    kept = file.with_name(f"lineage-{key}.json")
    if kept.exists():
        return Lineage.from_json(kept.read_text(encoding="utf-8"))
    found = column_lineage(relations(file, settings.dbt_project_dir))
    for old in file.parent.glob("lineage-*.json"):
        old.unlink(missing_ok=True)
    kept.write_text(found.to_json(), encoding="utf-8")
    return found


def compiled_manifest(settings: Settings) -> Path:
    """A manifest with every model's SQL, of the project as it stands."""
    newest = _newest_change(settings.dbt_project_dir)
    for target in (settings.dbt_target_dir, settings.dbt_target_dir.with_name("compiled")):
        file = target / "manifest.json"
        if file.exists() and file.stat().st_mtime > newest and _is_complete(file):
            return file
    return _compile(settings, settings.dbt_target_dir.with_name("compiled"))


def load_manifest(file: Path) -> Manifest:
    """dbt's manifest as data."""
    manifest: Manifest = json.loads(file.read_text(encoding="utf-8"))
    return manifest


def relations(file: Path, project: Path) -> list[Relation]:
    """Sources, seeds and models of a manifest's file for `column_lineage`."""
    manifest = load_manifest(file)
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in _READ}
    tables = nodes | manifest["sources"]
    names = {key: _name(node) for key, node in tables.items()}
    short = {node["name"]: names[key] for key, node in nodes.items()}
    return [
        Relation(
            name=names[key],
            kind=_kind(node),
            sql=_sql(node, file.parent),
            columns=_columns(node, project),
            reads=tuple(names[other] for other in _reads(node) if other in names),
            declared=_declared(node, short),
        )
        for key, node in tables.items()
    ]


def _kind(node: dict[str, Any]) -> Any:
    if node["resource_type"] == "model" and node.get("language") == "python":
        return "python"
    return node["resource_type"]


def _reads(node: dict[str, Any]) -> list[str]:
    found: list[str] = node.get("depends_on", {}).get("nodes", [])
    return found


def _name(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{node.get('identifier') or node.get('alias') or node['name']}"


def _columns(node: dict[str, Any], project: Path) -> tuple[str, ...]:
    if node["resource_type"] != "seed":
        return tuple(node["columns"])
    with (project / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file), ()))


def _declared(node: dict[str, Any], short: dict[str, str]) -> dict[str, list[str]]:
    """`meta: lineage:` of a Python model, column -> `model.column`, with models by their full names."""
    declared = node.get("config", {}).get("meta", {}).get("lineage", {})
    return {column: [_full(text, short) for text in texts] for column, texts in declared.items()}


def _full(text: str, short: dict[str, str]) -> str:
    model, _, column = text.rpartition(".")
    return f"{short.get(model, model)}.{column}"


def _sql(node: dict[str, Any], target: Path) -> str:
    """A model's SQL: what this run compiled, else what a run before it left beside the manifest."""
    if node.get("compiled_code") or node.get("language") != "sql":
        return node.get("compiled_code") or ""
    kept = target / "compiled" / node["package_name"] / node["original_file_path"]
    return kept.read_text(encoding="utf-8") if kept.exists() else ""


def _is_complete(file: Path) -> bool:
    return all(
        _sql(node, file.parent)
        for node in load_manifest(file)["nodes"].values()
        if node["resource_type"] == "model" and node.get("language") == "sql"
    )


def _compile(settings: Settings, target: Path) -> Path:
    from dbt.cli.main import dbtRunner

    target.mkdir(parents=True, exist_ok=True)
    # The profile's target `lint` is an empty database in memory: nothing is read, nobody is kept waiting.
    arguments = dbt_arguments(
        settings,
        "compile",
        "--target",
        "lint",
        "--target-path",
        str(target),
        "--select",
        "resource_type:model",
    )
    with warehouse_variable(settings):
        outcome = dbtRunner().invoke(arguments)
    if not outcome.success:
        raise BuildFailedError(
            "dbt could not compile the project, so there is no lineage: "
            f"{outcome.exception or 'see its log'}. "
            f"Look in {settings.dbt_log_dir / 'dbt.log'}."
        )
    return target / "manifest.json"


def _newest_change(project: Path) -> float:
    folders = ("models", "macros", "seeds")
    files = [file for folder in folders for file in (project / folder).rglob("*") if file.is_file()]
    return max(file.stat().st_mtime for file in [*files, *project.glob("*.yml")])
