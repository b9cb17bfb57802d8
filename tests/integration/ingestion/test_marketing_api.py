"""The marketing tool over its REST API, against a real HTTP server that misbehaves."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.config import SourceConfigs
from tests.integration.ingestion.marketing_api import (
    broken,
    cut_off,
    forgotten,
    marketing_api,
    no_json,
    throttled,
)
from tests.unit.ingestion.systems import row, rows

ENTITIES = 7


@pytest.fixture
def api():
    with marketing_api() as running:
        running.objects["campaign"] = rows("marketing", "campaign", 10)
        running.objects["subscriber"] = rows("marketing", "subscriber", 5)
        yield running


def load(warehouse, api, **more):
    return warehouse.load_ok("marketing", marketing_api=api.config(**more))


def test_all_pages_of_every_entity_are_loaded_once(warehouse, api):
    assert load(warehouse, api) == {"campaign": (10, 10, 0, 0), "subscriber": (5, 5, 0, 0)}
    assert len(warehouse.rows("raw_marketing.campaign")) == 10
    assert [query.get("cursor") for entity, query in api.requests if entity == "campaign"] == [
        None,
        "3",
        "6",
        "9",
    ]
    assert load(warehouse, api) == {}


def test_only_what_changed_is_asked_for_and_a_correction_replaces(warehouse, api):
    load(warehouse, api)
    before = warehouse.rows("raw_marketing.campaign")
    api.requests.clear()
    later = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    api.objects["campaign"][4] |= {"name": "renamed", "updated_at": later}
    assert load(warehouse, api) == {"campaign": (1, 1, 0, 0)}
    assert all("updated_since" in query for entity, query in api.requests if entity == "campaign")
    after = warehouse.rows("raw_marketing.campaign")
    assert [new["name"] for old, new in zip(before, after, strict=True) if old != new] == ["renamed"]


@pytest.mark.parametrize(
    "fault", [throttled, broken, cut_off, no_json, forgotten], ids=lambda fault: fault.__name__
)
def test_a_fault_that_passes_loses_nothing(warehouse, api, fault):
    api.faults = [lambda _: False, fault, lambda _: False, fault]
    assert load(warehouse, api)["campaign"] == (10, 10, 0, 0)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (throttled, "answered 429"),
        (broken, "answered 502 Bad Gateway: it is out of order"),
        (cut_off, "cannot be reached"),
        (no_json, "no JSON"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_fault_that_stays_fails_the_source_keeps_its_cursor_and_the_next_load_has_everything(
    warehouse, api, fault, said
):
    load(warehouse, api)
    later = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    api.objects["campaign"] += [row("marketing", "campaign", i, updated_at=later) for i in range(10, 20)]
    api.faults = [lambda _: False, *[fault] * 40]  # the first page comes, the second does not
    report = warehouse.load("marketing", marketing_api=api.config())
    assert report.status == "failed"
    assert said in report.message
    assert "s3cret" not in report.message
    api.faults = []
    assert load(warehouse, api)["campaign"] == (10, 10, 0, 0)


def test_a_wrong_secret_is_said_and_not_shown(warehouse, api):
    report = warehouse.load("marketing", marketing_api=api.config(client_secret="wrong"))
    assert report.status == "failed"
    assert "401" in report.message
    assert "wrong" not in report.message


def test_items_that_break_their_contract_are_kept_with_their_key(warehouse, api):
    api.objects["campaign"][2]["budget_amt"] = "much"
    api.objects["campaign"][3] = "not an object"
    report = warehouse.load("marketing", marketing_api=api.config())
    campaign = next(entity for entity in report.entities if entity.entity == "campaign")
    assert (campaign.read, campaign.loaded, campaign.rejected) == (10, 8, 2)
    positions = {rejected["position"] for rejected in warehouse.rows("raw_marketing.rejected_row")}
    key = api.objects["campaign"][2]["campaign_id"]
    assert positions == {f"campaign:{key}", "campaign:page 2:item 1"}


@pytest.mark.parametrize("following", [None, "3"])
def test_a_next_page_that_goes_in_circles_or_nowhere_is_an_error(warehouse, api, following):
    def endless(handler):
        page = handler.page("campaign", {"cursor": "0"}) | {"has_more": True, "next_cursor": following}
        return handler.answer(200, page)

    api.faults = [endless] * 40
    report = warehouse.load("marketing", marketing_api=api.config())
    assert report.status == "failed"
    assert "there is another page and" in report.message
    assert len(api.requests) <= 2 * ENTITIES


def test_files_and_api_together_are_refused():
    with pytest.raises(ValueError, match="set marketing_files or marketing_api"):
        SourceConfigs(marketing_files="x", marketing_api={"url": "http://localhost"})
