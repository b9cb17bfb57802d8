"""A definition that was changed and is not built yet: no number of the old one passes for one of the new."""

import shutil
from pathlib import Path

import duckdb
import pytest

from indicators.loading import REGISTRY_FOLDER
from indicators.planner import Request
from indicators.registry import Registry, load_registry
from serving.definitions import changed, not_built
from serving.query import ask, rows_behind
from serving.snapshot import publish
from serving.store import Snapshot, Store

COUNTED = "where: is_counted, unit: lead"
VALID = "formula: lead_valid_cnt / lead_cnt, unit: ratio"


@pytest.fixture
def snapshot(store: Store) -> Snapshot:
    """Built from the registry as it is committed."""
    return store.snapshot()


@pytest.fixture
def edited(tmp_path: Path):
    """Reads the registry with `old` replaced by `new` wherever it stands."""

    def edit(old: str, new: str) -> Registry:
        folder = tmp_path / "registry"
        shutil.copytree(REGISTRY_FOLDER, folder)
        held = [file for file in folder.glob("*.yml") if old in file.read_text("utf-8")]
        assert held
        for file in held:
            file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
        return load_registry(folder)

    return edit


def test_what_was_built_as_it_stands_needs_no_word(snapshot):
    registry = load_registry()
    assert changed(snapshot, registry) == set()
    assert ask(snapshot, registry, Request("lead_cnt")).warnings == ()


def test_a_changed_condition_of_the_same_version_is_said_with_the_answer(snapshot, edited):
    registry = edited(COUNTED, "where: is_counted and is_valid, unit: lead")
    says = (
        f"Snapshot {snapshot.version} was built from another definition of 'lead_cnt', of the same version: "
        "its numbers are of the definition before; run `make indicators`."
    )
    assert ask(snapshot, registry, Request("lead_cnt")).warnings == (says,)
    plan = rows_behind(snapshot, registry, Request("lead_cnt"))
    assert "is_valid" in plan.sql
    assert says in plan.note
    assert says in not_built(snapshot, registry, "lead_valid_rate_30d_yoy")  # what is computed from it, too
    assert not_built(snapshot, registry, "lead_raw_cnt") == []
    assert changed(snapshot, registry) == {"lead_cnt"}


def test_another_version_is_named(snapshot, edited):
    registry = edited(COUNTED, f"{COUNTED}, version: 2")
    [said] = ask(snapshot, registry, Request("lead_cnt")).warnings
    assert said.startswith(
        f"Snapshot {snapshot.version} holds version 1 of 'lead_cnt', the registry version 2:"
    )


def test_a_modifier_of_another_meaning_is_said_where_it_is_used(snapshot, edited):
    registry = edited("rec: channel = 'referral'", "rec: channel = 'website'")
    [said] = not_built(snapshot, registry, "lead_cnt_rec_30d")
    assert "another definition of the modifier 'rec'" in said
    assert not_built(snapshot, registry, "lead_cnt_30d") == []


def test_a_changed_formula_is_computed_and_its_state_is_of_the_one_before(snapshot, edited):
    registry = edited(VALID, "formula: lead_valid_cnt / lead_raw_cnt, unit: ratio")
    [said] = not_built(snapshot, registry, "lead_valid_rate")
    assert "its state and last good value are of the definition before" in said


def test_a_code_that_the_snapshot_never_saw_is_said(snapshot, edited):
    registry = edited("code: lead_uv,", "code: lead_new_uv,")
    [said] = not_built(snapshot, registry, "lead_new_uv")
    assert (
        said
        == f"Snapshot {snapshot.version} was built before 'lead_new_uv' was written: run `make indicators`."
    )


def test_a_snapshot_that_does_not_say_what_it_was_built_from(warehouse, snapshots):
    with duckdb.connect(str(warehouse)) as con:
        con.execute("DROP TABLE indicators.indicator_digest")
    publish(warehouse, snapshots)
    [said] = ask(Store(snapshots).snapshot(), load_registry(), Request("lead_cnt")).warnings
    assert said == "Snapshot 1 does not say which definitions it was built from: run `make indicators`."
