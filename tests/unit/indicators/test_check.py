"""The checker catches what is wrong by the rule meant for it, at its line, and nothing in what is right."""

import pytest

from indicators.check import check_folder
from indicators.rules.base import RULES
from tests.unit.indicators.broken_registries import BROKEN
from tests.unit.indicators.small_registry import write_registry


def test_the_shipped_registry_is_clean():
    assert [str(finding) for finding in check_folder()] == []


def test_the_small_registry_is_clean_so_that_each_change_is_what_breaks_it(tmp_path):
    assert [str(finding) for finding in check_folder(write_registry(tmp_path))] == []


@pytest.mark.parametrize(
    ("rule", "file", "right", "wrong", "at"), BROKEN, ids=[f"{c[0]}-{i}" for i, c in enumerate(BROKEN)]
)
def test_a_broken_registry_is_caught_by_the_rule_meant_for_it(tmp_path, rule, file, right, wrong, at):
    changes = {file: [(right, wrong)]}
    if rule == "D06":
        changes[file].append(("modifiers: [dig]", f"modifiers: [{'x' * 60}]"))
    if rule == "D09":
        changes[file].append(("modifiers: [dig]", "modifiers: [mtd]"))
    folder = write_registry(tmp_path, changes)
    findings = check_folder(folder)
    caught = [found for found in findings if found.rule == rule]
    assert caught, f"caught by {[str(found) for found in findings]}"
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    assert any(found.file == file and at in lines[found.line - 1] for found in caught), [
        str(f) for f in caught
    ]
    assert all(found.message and found.repair for found in findings)


def test_every_rule_has_a_broken_registry():
    shape = {"S01", "S02", "S03"}
    assert {case[0] for case in BROKEN} - shape == set(RULES)


def test_a_registry_without_a_standard_says_so(tmp_path):
    write_registry(tmp_path)
    (tmp_path / "_standard.yml").unlink()
    assert [found.rule for found in check_folder(tmp_path)] == ["S01"]


def test_text_that_is_not_utf8_is_a_finding_and_no_traceback(tmp_path):
    write_registry(tmp_path)
    (tmp_path / "visit.yml").write_bytes(b"process: \xff\xfe")
    assert [(found.rule, found.file) for found in check_folder(tmp_path)] == [("S01", "visit.yml")]
