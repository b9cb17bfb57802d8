"""A definition stands under one version; a certified change has a decision that says something."""

from pathlib import Path

import pytest
import yaml

from indicators import release
from indicators.loading import RELEASED_FILE
from indicators.registry import Registry, load_registry
from tests.unit.indicators.small_registry import write_registry

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path):
    """A small registry whose definitions are released."""
    registry = write_registry(tmp_path, {})
    (registry / RELEASED_FILE).write_text(release.released_text(load_registry(registry)))
    return registry


def change(folder, before: str, after: str) -> Registry:
    files = [file for file in folder.glob("*.yml") if before in file.read_text()]
    assert files, f"no file of the small registry holds {before}"
    for file in files:
        file.write_text(file.read_text().replace(before, after))
    return load_registry(folder)


def certified_code(folder) -> str:
    return release.certified(load_registry(folder))[0].code


def test_every_certified_indicator_is_released_and_every_change_has_its_decision():
    registry = load_registry()
    assert [change.code for change in release.changes(registry)] == []
    assert release.problems(registry, ROOT / release.FOLDER) == []


def test_every_decision_belongs_to_a_version_that_there_was():
    registry = load_registry()
    for file in (ROOT / release.FOLDER).glob("*-v*.md"):
        code, _, version = file.stem.rpartition("-v")
        assert int(version) <= registry.released[code].version, file.name


def test_what_is_released_reads_back_and_is_no_change(folder, tmp_path):
    registry = load_registry(folder)
    assert registry.released == release.released(registry)
    assert release.changes(registry) == []
    assert yaml.safe_load((folder / RELEASED_FILE).read_text()).keys() == registry.released.keys()


def test_a_changed_definition_under_the_same_version_is_not_released(folder, tmp_path):
    registry = change(folder, "count(visit_id)", "count(card_id)")
    assert any("raise its version to 2" in problem for problem in release.problems(registry, tmp_path))


def test_a_higher_version_needs_a_decision_and_the_template_alone_is_none(folder, tmp_path):
    code = certified_code(folder)
    registry = change(folder, f"code: {code},", f"code: {code}, version: 2,")
    [problem] = release.problems(registry, tmp_path)
    assert f"{code}-v2.md" in problem

    [changed] = release.changes(registry, tmp_path)
    assert changed.needs_decision
    changed.file.write_text(release.template(registry, changed))
    assert len(release.problems(registry, tmp_path)) == len(release.HEADINGS)

    changed.file.write_text(release.template(registry, changed).replace("(to be written)", "Because."))
    assert release.problems(registry, tmp_path) == []


def test_a_deprecated_indicator_keeps_what_was_released_of_it(folder):
    code = certified_code(folder)
    registry = change(folder, f"code: {code},", f"code: {code}, status: deprecated,")
    assert release.released(registry)[code] == registry.released[code]


def test_a_modifier_that_means_something_else_needs_a_version_and_a_decision(folder, tmp_path):
    registry = change(folder, "('website', 'app')", "('website')")
    [problem] = release.problems(registry, tmp_path)
    assert problem.startswith("modifier.dig: its definition differs")

    registry = change(folder, "compares: ", "modifier_versions: {dig: 2}\ncompares: ")
    [changed] = release.changes(registry, tmp_path)
    assert (changed.code, changed.version, changed.file.name) == ("modifier.dig", 2, "modifier.dig-v2.md")
    assert "is missing" in release.problems(registry, tmp_path)[0]
    changed.file.write_text(release.template(registry, changed).replace("(to be written)", "Because."))
    assert release.problems(registry, tmp_path) == []


def test_a_modifier_that_is_gone_keeps_what_was_released_of_it(folder):
    before = load_registry(folder).released["modifier.dig"]
    change(folder, "modifiers: [dig], ", "")
    registry = change(folder, "modifiers: {dig: \"channel in ('website', 'app')\"}\n", "")
    assert release.released(registry)["modifier.dig"] == before
