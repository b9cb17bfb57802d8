"""What the dbt project says of the facts that the registry reads: their columns, and its tests' names.

Read from the models' YAML, so that the checker needs neither dbt nor a manifest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

DBT_PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
_TEST_NAME = re.compile(r"\bname: *['\"]?(\w+)")
_YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Facts:
    """The columns of each model that has a YAML file, and every name that a dbt test may have."""

    columns: dict[str, frozenset[str]]
    tests: frozenset[str]


def read_facts(models: Iterable[str], with_tests: bool, project: Path = DBT_PROJECT) -> Facts:
    """The columns of the models from the YAML beside them; names of tests only where asked for.

    A model without a file is left out. Names of tests are every `name:` of the project's YAML and every file
    under `tests/`: more than there are tests, never fewer.
    """
    wanted = set(models)
    files = {file.stem: file for file in (project / "models").rglob("*.yml")}
    columns = {model: frozenset(_columns(files[model], model)) for model in sorted(wanted) if model in files}
    return Facts(columns, frozenset(_test_names(files.values(), project) if with_tests else ()))


def _columns(file: Path, model: str) -> Iterable[str]:
    described = yaml.load(file.read_text(encoding="utf-8"), Loader=_YamlLoader) or {}  # noqa: S506 (a safe loader)
    for entry in described.get("models", []):
        if entry["name"] == model:
            yield from (column["name"] for column in entry.get("columns", []))


def _test_names(files: Iterable[Path], project: Path) -> Iterable[str]:
    for file in files:
        yield from _TEST_NAME.findall(file.read_text(encoding="utf-8"))
    yield from (file.stem for file in (project / "tests").rglob("*.sql"))
