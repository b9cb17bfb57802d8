import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.batch import Batch, entity
from ingestion.collector.events import Doorkeeper, TooMuchError
from ingestion.contracts import load_contracts
from ingestion.readers.jsonl import parse_block, parse_line

NOW = "2026-11-20T10:00:00.000Z"
SCREEN = {
    "messageId": "message-1",
    "event": "screen_viewed",
    "userId": "u1",
    "timestamp": "2026-11-20T09:59:58Z",
    "properties": {"screen": "home"},
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def door():
    return Doorkeeper(frozenset({"test_drive_requested"}), 100, 1_000_000)


def lines(intake):
    return [json.loads(line) for line in intake.lines]


def test_a_good_event_becomes_a_line_that_the_loader_takes(door):
    intake = door.call("track", json.dumps(SCREEN).encode(), NOW)
    assert (intake.accepted, intake.refused) == (1, [])
    (line,) = intake.lines
    row = parse_line(line.rstrip(b"\n"), "line 1")
    assert row == SCREEN | {"type": "track", "receivedAt": NOW}
    assert load_contracts("app")["screen_viewed"].accepts(row)


@pytest.mark.parametrize("call", ["identify", "page", "screen", "group", "alias"])
def test_every_call_of_segment_has_a_contract(door, call):
    body = {
        "userId": "u1",
        "traits": {"plan": "fleet"},
        "name": "Home",
        "groupId": "g1",
        "previousId": "device-1",
    }
    intake = door.call(call, json.dumps(body).encode(), NOW)
    assert intake.refused == []
    assert lines(intake)[0]["event"] == call


def test_what_all_events_of_a_batch_share_is_in_each_and_the_key_in_none(door):
    request = {
        "batch": [SCREEN | {"type": "track"}] * 2,
        "context": {"ip": "x"},
        "sentAt": "now",
        "writeKey": "secret",
    }
    request["batch"][1] = request["batch"][1] | {"context": {"ip": "own"}, "writeKey": "secret"}
    intake = door.batch(json.dumps(request).encode(), NOW)
    assert [line["context"]["ip"] for line in lines(intake)] == ["x", "own"]
    assert {line["sentAt"] for line in lines(intake)} == {"now"}
    assert b"secret" not in b"".join(intake.lines)


def test_each_refused_event_is_named_and_kept(door):
    batch = [
        SCREEN | {"type": "track"},
        SCREEN | {"type": "track", "event": "made_up"},
        7,
        SCREEN | {"type": "track", "timestamp": "no"},
    ]
    intake = door.batch(json.dumps({"batch": batch}).encode(), NOW)
    assert [(item.index, item.reason.code) for item in intake.refused] == [
        (1, "unknown_event"),
        (2, "type"),
        (3, "format"),
    ]
    assert intake.accepted == 1
    assert len(intake.lines) == 4


def test_a_request_with_a_critical_event_is_critical_as_a_whole(door):
    """It is written once: after a refused write nothing of it may stand in the other lane."""
    event = SCREEN | {"event": "test_drive_requested", "type": "track"}
    intake = door.batch(json.dumps({"batch": [SCREEN | {"type": "track"}, event]}).encode(), NOW)
    assert (intake.lane, [line["event"] for line in lines(intake)]) == (
        "critical",
        ["screen_viewed", "test_drive_requested"],
    )
    assert door.batch(json.dumps({"batch": [SCREEN | {"type": "track"}]}).encode(), NOW).lane == "normal"


def deep(levels):
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize("levels", [252, 253, 254, 300, 1000, 1015])
@pytest.mark.parametrize(
    "bad",
    [
        b'"event": %s',
        b'"event": "screen_viewed", "context": {"schemaVersion": %s}',
        b'"event": "screen_viewed", "properties": {"screen": "home", "more": %s}',
    ],
    ids=["as its name", "as its version", "in its properties"],
)
def test_one_malformed_event_costs_no_other_and_the_loader_refuses_it_too(door, bad, levels):
    good = json.dumps(SCREEN | {"type": "track"}).encode()
    event = good[:-1] + b", " + bad % deep(levels) + b"}"
    intake = door.batch(b'{"batch": [' + b",".join([good, event, deep(levels), good]) + b"]}", NOW)
    assert len(intake.lines) == 4
    loader = Batch(entity("app", "event"))
    loader.add(parse_block("segment", b"".join(intake.lines)))
    assert (loader.read, loader.rejected) == (4, len(intake.refused))
    can_be_stored = levels <= 253 and b"more" in bad
    assert [refusal.index for refusal in intake.refused] == ([2] if can_be_stored else [1, 2])
    assert deep(levels) in intake.lines[1]


def test_an_event_whose_name_is_a_list_is_refused_alone(door):
    intake = door.batch(json.dumps({"batch": [{"event": ["x"]}, SCREEN | {"type": "track"}]}).encode(), NOW)
    assert [(item.index, item.reason.code) for item in intake.refused] == [(0, "unknown_event")]
    assert lines(intake)[0]["event"] == ["x"]


def test_the_same_request_with_an_idempotency_key_gives_the_same_ids(door):
    body = json.dumps({"batch": [{"type": "track"}, {"type": "track"}]}).encode()
    ids = [
        [line["messageId"] for line in lines(door.batch(body, NOW, key))] for key in ("k1", "k1", "k2", None)
    ]
    assert ids[0] == ids[1]
    assert len({message_id for found in ids for message_id in found}) == 6


def test_a_body_of_several_lines_that_is_no_json_is_kept_as_one(door):
    intake = door.call("track", b"not\njson\r\n at all", NOW)
    assert intake.lines == [b"not json   at all\n"]
    assert intake.refused[0].reason.code == "json"


def test_too_many_events_are_refused_as_a_whole(door):
    with pytest.raises(TooMuchError, match="at most 100 events"):
        door.batch(json.dumps({"batch": [SCREEN] * 101}).encode(), NOW)


def test_what_is_shared_does_not_make_a_small_request_a_large_one(door):
    body = json.dumps({"batch": [{}] * 100, "context": {"page": "x" * 10_000}}).encode()
    with pytest.raises(TooMuchError, match="at most 1000000 bytes"):
        door.batch(body, NOW)


@settings(max_examples=150, deadline=None)
@given(events=st.lists(JSON, max_size=5))
def test_whatever_is_sent_every_event_is_one_line_and_the_door_and_the_loader_agree(door, events):
    intake = door.batch(json.dumps({"batch": events}).encode(), NOW)
    kept = intake.lines
    assert len(kept) == intake.count == len(events)
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in kept)
    refused = {item.index for item in intake.refused}
    contracts = load_contracts("app")
    for index, line in enumerate(kept):
        row = parse_line(line.rstrip(b"\n"), "")
        contract = contracts.get(str(row.get("event"))) if isinstance(row, dict) else None
        assert (index in refused) == (contract is None or not contract.accepts(row))
