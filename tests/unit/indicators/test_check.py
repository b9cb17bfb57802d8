"""The checker catches what is wrong by the rule meant for it, at its line, and nothing in what is right."""

import pytest

from indicators.check import check_folder
from indicators.digest import digest, modifier_digest
from indicators.rules.base import RULES
from tests.unit.indicators.broken_registries import BROKEN, Broken
from tests.unit.indicators.rich_registry import rich_registry, write_project, write_registry


def check(folder):
    return check_folder(folder, write_project(folder.parent / "project"))


def test_the_shipped_registry_is_clean():
    assert [str(finding) for finding in check_folder()] == []


def test_the_registry_that_is_broken_is_clean_so_that_each_change_is_what_breaks_it(tmp_path):
    assert [str(finding) for finding in check(write_registry(tmp_path / "registry"))] == []


def write_broken(folder, case: Broken):
    write_registry(folder, case.changes())
    if case.released:
        clean = rich_registry(folder.parent / "clean")
        text = case.released.replace("DIGEST", digest(clean, "visit_cnt"))
        text = text.replace("MODIFIER", modifier_digest(clean, "dig"))
        (folder / "_released.yml").write_text(text, encoding="utf-8")
    if case.drivers:
        (folder / "_drivers.yml").write_text(case.drivers, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", BROKEN, ids=[f"{case.rule}-{i}" for i, case in enumerate(BROKEN)])
def test_a_broken_registry_is_caught_by_the_rule_meant_for_it_and_by_no_other(tmp_path, case):
    folder = write_broken(tmp_path / "registry", case)
    findings = check(folder)
    told = [str(found) for found in findings]
    assert {found.rule for found in findings} == {case.rule, *case.also}, told
    file = case.at_file or case.file
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    caught = [found for found in findings if found.rule == case.rule]
    assert any(found.file == file and case.at in lines[found.line - 1] for found in caught), told
    assert all(found.message and found.repair for found in findings)


def test_there_are_enough_rules_and_every_rule_has_a_broken_registry():
    shape = {"S01", "S02", "S03"}
    assert {case.rule for case in BROKEN} - shape == set(RULES)
    assert len(RULES) + len(shape) >= 40
    assert len(BROKEN) >= 120


def test_every_rule_says_what_it_demands_and_what_to_do():
    assert all(rule.meaning.endswith(".") and rule.repair for rule in RULES.values())


def test_a_registry_without_a_standard_says_so(tmp_path):
    write_registry(tmp_path)
    (tmp_path / "_standard.yml").unlink()
    assert [found.rule for found in check_folder(tmp_path)] == ["S01"]


def told(tmp_path, changes: dict[str, list[tuple[str, str]]]) -> list[str]:
    return [str(finding) for finding in check(write_registry(tmp_path / "registry", changes))]


def test_a_finding_names_the_file_from_the_projects_root_and_the_indicator_by_its_code(tmp_path):
    changes = [("matures: 30", "matures: soon"), ("periods: [30d]", "periods: [30x]")]
    [of_one, of_entry] = told(tmp_path, {"lead.yml": changes})
    assert of_one.startswith("indicators/registry/lead.yml:")
    assert "S02 lead_visit_cnt, 'matures': Input should be a valid integer" in of_one
    assert "S02 'derived', entry 2, 'periods', entry 1: '30x' is no period: write some days (30d)" in of_entry


def test_a_word_that_is_no_root_sends_to_the_file_of_roots(tmp_path):
    [said] = told(tmp_path, {"visit.yml": [("code: visit_td_cnt", "code: visit_big_cnt")]})
    assert "N02 'visit_big_cnt' uses 'big'" in said
    assert "_roots.yml" in said


def test_a_new_version_is_asked_for_when_all_else_is_right(tmp_path):
    folder = write_registry(tmp_path / "registry", {"visit.yml": [("unit: visit, ", "unit: colour, ")]})
    released = "visit_cnt: {version: 1, digest: '0000000000000000'}\n"
    (folder / "_released.yml").write_text(released, encoding="utf-8")
    assert "G04" not in {finding.rule for finding in check(folder)}


def test_text_that_is_not_utf8_is_a_finding_and_no_traceback(tmp_path):
    write_registry(tmp_path)
    (tmp_path / "visit.yml").write_bytes(b"process: \xff\xfe")
    assert [(found.rule, found.file) for found in check_folder(tmp_path)] == [("S01", "visit.yml")]


def test_a_factor_stands_in_the_unit(tmp_path):
    units = "  kilo_euro: {times: 1000, of: EUR}\n  lead: {}"
    formula = [
        (
            "formula: spend_amt / lead_cnt, unit: EUR/lead",
            "formula: spend_amt / lead_cnt / 1000, unit: kilo_euro/lead",
        )
    ]
    folder = write_registry(
        tmp_path / "registry", {"_standard.yml": [("  lead: {}", units)], "lead.yml": formula}
    )
    assert [str(finding) for finding in check(folder)] == []
