"""Two registries compared: what changed, what that touches, and what is only said differently."""

import pytest

from indicators.difference import Difference, differences
from indicators.registry import Registry, load_registry
from tests.unit.indicators.small_registry import write_registry


@pytest.fixture
def old(tmp_path) -> Registry:
    return load_registry(write_registry(tmp_path / "old", {}))


def changed(old: Registry, tmp_path, before: str, after: str) -> dict[str, Difference]:
    folder = write_registry(tmp_path / "new", {})
    files = [file for file in folder.glob("*.yml") if before in file.read_text()]
    assert files, f"no file of the small registry holds {before}"
    for file in files:
        file.write_text(file.read_text().replace(before, after))
    return {one.code: one for one in differences(old, load_registry(folder))}


def test_the_same_registry_has_no_difference(old):
    assert differences(old, old) == []


def test_a_changed_condition_is_said_and_touches_what_is_computed_from_it(old, tmp_path):
    atomic = next(item for item in old.atomics.values() if item.where and "'" not in item.where)
    found = changed(old, tmp_path, f"where: {atomic.where}", "where: is_other")
    assert found[atomic.code].kind == "changed"
    [where] = [field for field in found[atomic.code].fields if field.name == "where"]
    assert (where.after or "").endswith("is_other")
    users = [code for code, item in old.composites.items() if atomic.code in item.formula.split()]
    assert users
    for user in users:
        assert found[user].kind == "touched"
        assert found[user].because[0] == atomic.code


def test_another_name_or_owner_is_no_other_number(old, tmp_path):
    item = next(iter(old.atomics.values()))
    found = changed(old, tmp_path, f"en: {item.name.en},", "en: Other words,")
    assert {one.kind for one in found.values()} == {"reworded"}
    assert not any(one.has_new_values for one in found.values())


def test_another_modifier_changes_the_codes_that_use_it(old, tmp_path):
    found = changed(old, tmp_path, "dig: \"channel in ('website', 'app')\"", "dig: \"channel = 'app'\"")
    used = {one.base for one in old.derived.values() if "dig" in one.modifiers}
    assert used
    assert {code for code, one in found.items() if one.kind == "changed"} >= used


def test_added_and_removed_codes_are_told_apart(old, tmp_path):
    code = next(iter(old.composites))
    found = changed(old, tmp_path, f"code: {code},", f"code: {code}_x,")
    assert found[code].kind == "removed"
    assert found[f"{code}_x"].kind == "added"
