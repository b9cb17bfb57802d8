"""Versions of the contracts: each is what its number claims, and a released file stays as it is."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.contracts import SCHEMAS, load_contracts, load_versions, version_of
from ingestion.versions import (
    MANIFEST,
    changes,
    check,
    release,
    released_problems,
    unreleased,
    version_problems,
)

Schema = dict[str, Any]
BASE: Schema = {
    "type": "object",
    "description": "made up",
    "x-primary-key": ["id"],
    "x-cursor": "updated_at",
    "properties": {
        "id": {"type": "integer"},
        "updated_at": {"type": "string", "format": "date-time"},
        "channel": {"type": "string", "enum": ["web", "shop"], "maxLength": 10},
        "note": {"type": ["string", "null"]},
        "properties": {
            "type": "object",
            "properties": {"screen": {"type": "string"}},
            "required": ["screen"],
        },
    },
    "required": ["id", "updated_at", "channel"],
}


def changed(change: Callable[[Schema], Any]) -> Schema:
    schema = copy.deepcopy(BASE)
    change(schema)
    return schema


CASES: dict[str, tuple[str | None, Callable[[Schema], Any]]] = {
    "nothing": (None, lambda s: None),
    "a description": (None, lambda s: s.update(description="other")),
    "a new optional property": ("addition", lambda s: s["properties"].update(new={"type": "string"})),
    "a new optional property of the event": (
        "addition",
        lambda s: s["properties"]["properties"]["properties"].update(new={"type": "string"}),
    ),
    "a new required property": (
        "revision",
        lambda s: (s["properties"].update(new={"type": "string"}), s["required"].append("new")),
    ),
    "an optional property becomes required": ("revision", lambda s: s["required"].append("note")),
    "a required property becomes optional": ("revision", lambda s: s["required"].remove("channel")),
    "another value is allowed": ("revision", lambda s: s["properties"]["channel"]["enum"].append("fair")),
    "a shorter text": ("revision", lambda s: s["properties"]["channel"].update(maxLength=5)),
    "null is no longer allowed": ("revision", lambda s: s["properties"]["note"].update(type="string")),
    "a limit that was not there": ("revision", lambda s: s["properties"]["id"].update(minimum=0)),
    "no other properties": ("revision", lambda s: s.update(additionalProperties=False)),
    "a property of the event becomes optional": (
        "revision",
        lambda s: s["properties"]["properties"].update(required=[]),
    ),
    "a property goes": ("model", lambda s: s["properties"].pop("note")),
    "a property of the event goes": (
        "model",
        lambda s: s["properties"]["properties"]["properties"].pop("screen"),
    ),
    "a number becomes a text": ("model", lambda s: s["properties"]["id"].update(type="string")),
    "a whole number becomes any number": ("model", lambda s: s["properties"]["id"].update(type="number")),
    "another key": ("model", lambda s: s.update({"x-primary-key": ["id", "channel"]})),
    "no cursor": ("model", lambda s: s.pop("x-cursor")),
}
SUCCESSORS = {"model": "2-0-0", "revision": "1-1-0", "addition": "1-0-1"}
WIDTH = {None: 0, "addition": 1, "revision": 2, "model": 3}


def folder_of(place: Path, **versions: Schema) -> Path:
    """The folder of a contract; versions are spelled ``v1_0_0``."""
    folder = place / "crm" / "lead"
    folder.mkdir(parents=True, exist_ok=True)
    for version, schema in versions.items():
        (folder / f"{version[1:].replace('_', '-')}.json").write_text(json.dumps(schema))
    return folder


@pytest.mark.parametrize("claim", SUCCESSORS)
@pytest.mark.parametrize("case", CASES)
def test_a_new_version_changes_no_more_than_its_number_claims(tmp_path: Path, case: str, claim: str) -> None:
    needs, change = CASES[case]
    folder = folder_of(tmp_path, v1_0_0=BASE)
    (folder / f"{SUCCESSORS[claim]}.json").write_text(json.dumps(changed(change)))
    found = version_problems(folder)
    assert bool(found) == (WIDTH[needs] > WIDTH[claim])
    assert not found or any(f"which needs a new {needs}" in one for one in found)
    assert all(f"{SUCCESSORS[claim]}.json: " in one for one in found)


@pytest.mark.parametrize("version", ["v1_0_2", "v1_2_0", "v1_1_1", "v3_0_0", "v2_1_0"])
def test_versions_follow_one_another(tmp_path: Path, version: str) -> None:
    [problem] = version_problems(folder_of(tmp_path, v1_0_0=BASE, **{version: BASE}))
    assert "the version after 1-0-0 is one of 2-0-0, 1-1-0, 1-0-1" in problem


def test_versions_are_ordered_by_their_numbers_and_begin_at_the_first(tmp_path: Path) -> None:
    versions = {f"v1_0_{i}": BASE for i in range(12)}
    assert version_problems(folder_of(tmp_path / "all", **versions)) == []
    del versions["v1_0_0"]
    [problem] = version_problems(folder_of(tmp_path / "late", **versions))
    assert "the first version is 1-0-0" in problem


def test_a_released_file_that_was_edited_or_removed_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, v1_0_0=BASE)
    assert unreleased(tmp_path) == release(tmp_path) == [folder / "1-0-0.json"]
    assert (released_problems(tmp_path), unreleased(tmp_path)) == ([], [])
    folder_of(tmp_path, v1_0_0=changed(lambda s: s.update(description="other")))
    [problem] = released_problems(tmp_path)
    assert "crm/lead/1-0-0.json: a released file is never edited" in problem
    with pytest.raises(ValueError, match="never edited"):
        release(tmp_path)
    (folder / "1-0-0.json").unlink()
    assert "it is gone" in released_problems(tmp_path)[0]


def test_a_version_that_is_not_what_it_claims_is_not_released(tmp_path: Path) -> None:
    folder_of(tmp_path, v1_0_0=BASE)
    release(tmp_path)
    folder_of(tmp_path, v1_0_1=changed(lambda s: s["properties"].pop("note")))
    with pytest.raises(ValueError, match="/note is gone, which needs a new model"):
        release(tmp_path)
    assert "1-0-1" not in (tmp_path / MANIFEST).read_text()


def test_the_contracts_are_compatible_released_and_unedited() -> None:
    assert check() == []
    assert unreleased(SCHEMAS) == [], "release it: python -m ingestion.versions"


def test_a_name_that_is_no_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"draft\.json cannot be used"):
        version_of(tmp_path / "draft.json")


def test_the_loader_uses_the_newest_of_compatible_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wider = changed(lambda s: s["properties"].update(new={"type": "string"}))
    folder_of(tmp_path, v1_0_0=BASE, v1_0_1=wider, v1_1_0=wider, v1_0_2=wider)
    monkeypatch.setattr("ingestion.contracts.SCHEMAS", tmp_path)
    load_contracts.cache_clear()
    load_versions.cache_clear()
    try:
        assert load_contracts("crm")["lead"].version == "1-1-0"
    finally:
        load_contracts.cache_clear()
        load_versions.cache_clear()


def test_changes_name_the_place() -> None:
    new = changed(lambda s: s["properties"]["properties"]["properties"].update(new={}))
    assert list(changes(BASE, new)) == [("addition", "/properties/new is new")]
