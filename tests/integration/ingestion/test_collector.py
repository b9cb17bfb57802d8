"""The collector as its senders see it: the official client libraries, unmodified, against a real process."""

import base64
import gzip
import hashlib
import hmac
import json
from datetime import UTC, datetime

import httpx
import pytest
import rudderstack.analytics as rudder
from segment.analytics import Client
from snowplow_tracker import Emitter, SelfDescribing, SelfDescribingJson, StructuredEvent, Subject, Tracker

from ingestion.config import SourceConfigs
from ingestion.load import load_sources
from tests.integration.ingestion.collector_process import collector

SCREEN = {"event": "screen_viewed", "userId": "u1", "properties": {"screen": "home"}}
SHARED_BY_MANY = json.dumps({"batch": [{}] * 1000, "context": {"page": "x" * 100_000}}).encode()
TOKEN_SECRET = "a secret of thirty-two characters and more"


@pytest.fixture
def running(tmp_path):
    with collector(
        tmp_path / "landing",
        write_keys={"wk": "app", "showroom": "tablet"},
        clients={"portal": "s3cret"},
        token_secret=TOKEN_SECRET,
        hooks={"surveys": {"scheme": "typeform", "secret": "hooked"}},
        cors_origins=["https://www.example.com"],
    ) as process:
        yield process


def test_segments_library(running):
    client = Client("wk", host=running.url, gzip=True, on_error=lambda error, items: pytest.fail(str(error)))
    client.identify("u1", {"plan": "fleet"})
    client.track("u1", "screen_viewed", {"screen": "home"}, timestamp=datetime(2026, 11, 20, 10, tzinfo=UTC))
    client.page("u1", "Shop", "Home")
    client.group("u1", "g1", {"name": "Fleet"})
    client.alias("device-1", "u1")
    client.join()
    client.flush()
    running.stop()
    assert sorted(event["type"] for event in running.events()) == [
        "alias",
        "group",
        "identify",
        "page",
        "track",
    ]


def test_rudderstacks_library(running):
    client = rudder.Client(
        "wk", host=running.url, gzip=True, on_error=lambda error, items: pytest.fail(str(error))
    )
    for number in range(250):  # more than one batch
        client.track(f"u{number}", "screen_viewed", {"screen": "home"})
    client.flush()
    client.join()
    running.stop()
    events = running.events()
    assert {event["userId"] for event in events} == {f"u{number}" for number in range(250)}
    assert len({event["messageId"] for event in events}) == len(events) == 250


@pytest.mark.parametrize("method", ["post", "get"])
def test_snowplows_tracker(running, method):
    failures = []
    emitter = Emitter(
        running.url.removeprefix("http://").split(":")[0],
        protocol="http",
        port=running.settings.port,
        method=method,
        batch_size=1,
        on_failure=lambda sent, unsent: failures.append(unsent),
    )
    tracker = Tracker(
        "sp", emitter, app_id="showroom", subject=Subject().set_user_id("u1").set_domain_user_id("d1")
    )
    tracker.track(
        SelfDescribing(SelfDescribingJson("iglu:com.acme/screen_viewed/jsonschema/1-0-0", {"screen": "home"}))
    )
    tracker.track(StructuredEvent("wall", "touch", label="door"))
    tracker.flush()
    running.stop()
    assert failures == []
    described, structured = sorted(running.events(), key=lambda event: event["event"])
    assert (described["event"], described["userId"], described["anonymousId"]) == (
        "screen_viewed",
        "u1",
        "d1",
    )
    assert described["properties"] == {"screen": "home"}
    assert (
        structured["properties"] | {"category": "wall", "action": "touch", "label": "door"}
        == structured["properties"]
    )


def test_what_was_taken_is_loaded_once_and_what_was_refused_is_kept_with_its_reason(running, tmp_path):
    batch = [SCREEN | {"type": "track", "messageId": f"message-{i}"} for i in range(20)]
    answer = running.post(
        "/v1/batch", {"batch": [*batch, {"type": "track", "event": "made_up", "userId": "u"}]}
    )
    assert answer.status_code == 200
    assert answer.json()["accepted"] == 20
    assert [(item["index"], item["code"]) for item in answer.json()["rejected"]] == [(20, "unknown_event")]
    running.post("/v1/batch", {"batch": batch})  # a client that did not hear the answer
    running.stop()
    warehouse, pipelines = tmp_path / "w.duckdb", tmp_path / "pipelines"
    configs = SourceConfigs(app_files=running.settings.folder)
    (report,) = load_sources(warehouse, pipelines, configs, ["app"])
    (events,) = report.entities
    assert (events.read, events.loaded, events.rejected, events.repeated) == (41, 20, 1, 20)


def test_nobody_else_may_send(running):
    assert running.post("/v1/track", SCREEN, key=None).status_code == 401
    refused = running.post("/v1/track", SCREEN, key="guessed")
    assert refused.status_code == 401
    assert refused.json()["code"] == "invalid_client"
    token = httpx.post(
        running.url + "/oauth/token", data={"grant_type": "client_credentials"}, auth=("portal", "s3cret")
    ).json()["access_token"]
    answer = running.post("/v1/track", SCREEN, key=None, authorization=f"Bearer {token}")
    assert answer.json()["accepted"] == 1
    running.stop()
    assert len(running.events()) == 1


def test_a_webhook_is_taken_by_its_signature(running):
    body = json.dumps({"form_response": {"answers": [9]}}).encode()
    signature = base64.b64encode(hmac.new(b"hooked", body, hashlib.sha256).digest()).decode()
    assert running.post("/hook/surveys", body, key=None).status_code == 401
    for _ in range(2):  # delivered twice
        answer = running.post(
            "/hook/surveys", body, key=None, **{"typeform-signature": f"sha256={signature}"}
        )
        assert answer.json() == {"success": True, "accepted": 1, "rejected": []}
    running.stop()
    first, again = running.events()
    assert first["messageId"] == again["messageId"]
    assert first["properties"]["body"] == json.loads(body)


def test_two_senders_with_the_same_idempotency_key_have_different_events(running):
    key = {"idempotency-key": "1"}
    for sender, path in [("wk", "track"), ("wk", "track"), ("showroom", "track"), ("wk", "screen")]:
        assert running.post(f"/v1/{path}", SCREEN, key=sender, **key).status_code == 200
    running.stop()
    assert len({event["messageId"] for event in running.events()}) == 3


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code"),
    [
        ("/v1/track", b"{not json", {}, 400, "json"),
        ("/v1/batch", b"[]", {}, 200, "type"),
        ("/v1/track", b"x" * 600_000, {}, 413, "too_large"),
        (
            "/v1/track",
            gzip.compress(b" " * 50_000_000, mtime=0),
            {"content-encoding": "gzip"},
            413,
            "too_large",
        ),
        ("/v1/track", b"no gzip", {"content-encoding": "gzip"}, 400, "encoding"),
        (
            "/v1/track",
            gzip.compress(b'{"event": "x"}', mtime=0)[:-9],
            {"content-encoding": "gzip"},
            400,
            "encoding",
        ),
        ("/v1/track", b"{}", {"content-encoding": "br"}, 415, "encoding"),
        ("/v1/batch", json.dumps({"batch": [SCREEN] * 1001}).encode(), {}, 413, "too_large"),
        ("/v1/batch", SHARED_BY_MANY, {}, 413, "too_large"),
        ("/v1/batch", b'{"batch": [{"event": ["x"]}]}', {}, 200, "unknown_event"),
        ("/v1/batch", b'{"batch": [' + b"[" * 300 + b"]" * 300 + b"]}", {}, 200, "type"),
        ("/v2/track", b"{}", {}, 404, "address"),
        ("/metrics", b"{}", {}, 405, "method"),
    ],
)
def test_bad_requests_get_an_answer_that_says_what_to_do(running, path, body, headers, status, code):
    answer = running.post(path, body, **headers)
    assert answer.status_code == status
    said = answer.json()
    assert code in (said.get("code"), *(item["code"] for item in said.get("rejected", [])))


def test_it_tells_how_it_is(running):
    running.post("/v1/track", SCREEN)
    running.post("/v1/track", SCREEN | {"event": "made_up"})
    assert httpx.get(running.url + "/health").json() == {"status": "up"}
    assert httpx.get(running.url + "/ready").json() == {"status": "ready"}
    metrics = httpx.get(running.url + "/metrics").text
    assert 'forecourt_collector_events_total{app="app",outcome="accepted"} 1.0' in metrics
    assert 'forecourt_collector_events_total{app="app",outcome="rejected"} 1.0' in metrics
    assert 'forecourt_collector_commit_seconds_count{lane="normal"} 2.0' in metrics


def test_pages_of_the_configured_origin_may_send_and_no_other(running):
    ours = {"origin": "https://www.example.com", "access-control-request-method": "POST"}
    allowed = httpx.options(running.url + "/v1/track", headers=ours)
    assert allowed.headers["access-control-allow-origin"] == "https://www.example.com"
    assert running.post("/v1/track", SCREEN, **ours).headers["access-control-allow-origin"] == ours["origin"]
    theirs = httpx.options(running.url + "/v1/track", headers=ours | {"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in theirs.headers
