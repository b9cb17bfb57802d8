import json
import shutil

import pytest

from ingestion.contracts import Contract, Reason, event_contract, load_contracts, load_versions
from ingestion.events import (
    DOMAINS,
    FOLDER,
    EventError,
    list_events,
    new_event,
    new_version,
    problems,
    read_taxonomy,
)
from ingestion.versions import release


@pytest.fixture
def schemas(tmp_path):
    shutil.copytree(FOLDER.parent, tmp_path / "schemas")
    release(tmp_path / "schemas")
    return tmp_path / "schemas"


def test_the_journey_is_covered_by_at_least_25_events_of_every_domain():
    events = list_events()
    assert {event.domain for event in events} == set(DOMAINS)
    assert len([event for event in events if event.domain != "tracking"]) >= 25


def test_a_drafted_event_is_listed_and_checks_once_it_is_released(schemas):
    folder = schemas / "app"
    file = new_event("car_washed", "service", "A car was washed: with a colon.", folder)
    assert [event.summary for event in list_events(folder) if event.name == "car_washed"] == [
        "A car was washed: with a colon."
    ]
    names = list(read_taxonomy(folder)["service"])
    assert names == sorted(names)
    assert problems(schemas) == [f"{file}: not released; `forecourt events release` does it"]
    release(schemas)
    assert problems(schemas) == []
    assert (folder / "taxonomy.yml").read_text().startswith("# The event taxonomy")


def test_an_addition_that_is_more_than_one_does_not_check(schemas):
    file = new_version("survey_answered", "addition", schemas / "app")
    assert file.name == "1-0-1.json"
    draft = json.loads(file.read_text())
    draft["properties"]["properties"]["properties"]["nps_score"]["maximum"] = 5
    file.write_text(json.dumps(draft))
    assert any("needs a new revision" in problem for problem in problems(schemas))


def test_an_event_without_its_line_or_without_its_contract_is_found(schemas):
    folder = schemas / "app"
    shutil.rmtree(folder / "ad_clicked")
    shutil.copytree(folder / "page", folder / "Paged")
    found = "\n".join(problems(schemas))
    assert "ad_clicked has no contract" in found
    assert "write Paged into taxonomy.yml" in found
    assert "snake case" in found


@pytest.mark.parametrize(
    ("name", "domain", "said"),
    [
        ("OrderSigned", "showroom", "snake case"),
        ("order_signed", "showroom", "exists"),
        ("car_washed", "garage", "no domain garage"),
    ],
)
def test_a_draft_that_cannot_be_says_why(schemas, name, domain, said):
    with pytest.raises(EventError, match=said):
        new_event(name, domain, "x", schemas / "app")


def test_an_event_is_held_to_the_version_that_it_states(monkeypatch):
    newest = load_contracts("app")["screen_viewed"]
    older = Contract("app", "screen_viewed", "1-0-0", newest.schema)
    newer = Contract("app", "screen_viewed", "1-1-0", newest.schema)
    versions = {**load_versions("app"), "screen_viewed": {"1-0-0": older, "1-1-0": newer}}
    monkeypatch.setattr("ingestion.contracts.load_versions", lambda source: versions)
    row = {"event": "screen_viewed", "context": {"schemaVersion": "1-0-0"}}
    assert event_contract(row) is older
    unknown = event_contract(row | {"context": {"schemaVersion": "9-0-0"}})
    assert isinstance(unknown, Reason)
    assert (unknown.code, unknown.path) == ("unknown_version", "/context/schemaVersion")
    assert "there are: 1-0-0, 1-1-0" in unknown.sentence
    for context in (None, {}, "text", {"schemaVersion": None}):
        assert event_contract(row | {"context": context}) == newest
    assert event_contract({"event": ["x"]}).code == "unknown_event"
