"""The JSON Schemas for editors: they are what the models say, and refuse what the loader refuses."""

import json

import jsonschema_rs
import pytest
import yaml

from indicators.loading import REGISTRY_FOLDER, STANDARD_FILE, load_folder
from indicators.schema import FOLDER, differences, schemas
from tests.unit.indicators.broken_registries import SHAPE
from tests.unit.indicators.rich_registry import FILES, write_registry

OF_FILE = {name: f"{name.strip('_').removesuffix('.yml')}.json" for name in (STANDARD_FILE, "_roots.yml")}


@pytest.fixture(scope="module")
def standard():
    return load_folder().standard


def schema_of(file: str) -> str:
    return OF_FILE.get(file, "process.json" if not file.startswith("_") else f"{file[1:-4]}.json")


def test_the_committed_schemas_follow_from_the_models(standard):
    assert differences(standard) == [], "python -m indicators.schema writes them"
    assert {file.name for file in FOLDER.iterdir()} == set(schemas(standard))


@pytest.mark.parametrize("file", sorted(file.name for file in REGISTRY_FOLDER.glob("*.yml")))
def test_every_shipped_file_keeps_its_schema_and_names_it(file):
    text = (REGISTRY_FOLDER / file).read_text(encoding="utf-8")
    check = jsonschema_rs.validator_for(json.loads((FOLDER / schema_of(file)).read_text(encoding="utf-8")))
    problems = [
        f"{list(error.instance_path)}: {error.message}" for error in check.iter_errors(yaml.safe_load(text))
    ]
    assert problems == []
    if file != "_released.yml":  # which no one writes by hand
        assert f"# yaml-language-server: $schema=schema/{schema_of(file)}" in text.splitlines()[0]


def test_what_the_loader_refuses_the_schema_refuses_too(tmp_path):
    """An editor marks what the checker would: every broken shape but doubled keys and broken YAML."""
    standard = load_folder(write_registry(tmp_path / "clean")).standard
    texts = {name: json.loads(text) for name, text in schemas(standard).items()}
    for number, case in enumerate(case for case in SHAPE if case.rule == "S02"):
        folder = write_registry(tmp_path / str(number), case.changes())
        for file in FILES:
            check = jsonschema_rs.validator_for(texts[schema_of(file)])
            written = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
            assert check.is_valid(written) == (file != case.file), (case, file)
