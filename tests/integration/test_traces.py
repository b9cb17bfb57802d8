"""A request can be followed to the published row, over processes, by the spans that a real exporter sent."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from orchestration import tracing
from orchestration.settings import load_settings
from tests.integration.ingestion.collector_process import collector

SCREEN = {"event": "screen_viewed", "userId": "u1", "properties": {"screen": "home"}}
SENDER_TRACE, SENDER_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Backend:
    """Takes spans as OpenTelemetry's collector does: OTLP over HTTP."""

    def __init__(self):
        self.spans = []
        backend = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        backend.spans.extend(scope.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def named(self, name):
        return [span for span in self.spans if span.name == name]

    def one(self, name):
        (span,) = self.named(name)
        return span


@pytest.fixture
def backend(monkeypatch):
    backend = Backend()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{backend.server.server_port}")
    tracing._tracing.cache_clear()
    yield backend
    tracing._tracing.cache_clear()
    backend.server.shutdown()
    backend.server.server_close()


def links(span):
    return {(link.trace_id, link.span_id) for link in span.links}


def ids(span):
    return span.trace_id, span.span_id


def attributes(span):
    return {item.key: item.value.int_value or item.value.string_value for item in span.attributes}


def one_pass(segments, **changes):
    """A pass as the refresher's journal has it."""
    return {
        "pass_no": 7,
        "lane": "live",
        "started_at": "2026-11-20T10:00:00+00:00",
        "seconds": 0.5,
        "stages": [
            {"name": name, "offset": i * 0.1, "seconds": 0.1}
            for i, name in enumerate(("load", "build", "publish"))
        ],
        "sources": [{"source": "app", "read": 2, "loaded": 1, "rejected": 1, "repeated": 0}],
        "segments": segments,
        "version": 12,
        "error": None,
    } | changes


def test_a_request_leads_to_the_pass_that_published_its_events(backend, tmp_path):
    with collector(tmp_path / "landing", traces="otlp") as running:
        running.post("/v1/track", SCREEN, traceparent=f"00-{SENDER_TRACE}-{SENDER_SPAN}-01")
        running.post("/v1/track", SCREEN | {"event": "made_up"})
        running.stop()
    (sealed,) = running.settings.folder.rglob("*.jsonl")
    settings = load_settings(data_dir=tmp_path / "data", traces="otlp")
    tracing.trace_pass(settings, one_pass([sealed.name]))
    tracing._tracing("otlp").close()

    request, other = backend.named("POST track")
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (SENDER_TRACE, SENDER_SPAN)
    assert attributes(request)["http.response.status_code"] == 200
    segment = backend.one("segment")
    assert links(request) == links(other) == {ids(segment)}
    assert attributes(segment)["forecourt.events"] == 2
    commits = backend.named("group commit")
    assert {commit.parent_span_id for commit in commits} == {segment.span_id}
    assert sum(attributes(commit)["forecourt.events"] for commit in commits) == 2

    done = backend.one("refresh pass (live)")
    assert links(done) == {ids(segment)}
    for name in ("load", "build", "publish"):
        assert backend.one(name).parent_span_id == done.span_id
    published = backend.one("published")
    assert (published.trace_id, published.parent_span_id) == ids(segment)
    assert links(published) == {ids(done)}
    assert published.end_time_unix_nano - published.start_time_unix_nano == 500_000_000


def test_a_pass_that_failed_published_nothing(backend, tmp_path):
    settings = load_settings(data_dir=tmp_path / "data", traces="otlp")
    tracing.trace_pass(settings, one_pass(["events-1-aa-00000000.jsonl"], error="the build broke"))
    tracing._tracing("otlp").close()
    assert backend.one("refresh pass (live)").status.message == "the build broke"
    assert backend.named("published") == []


def test_no_span_holds_what_a_sender_wrote(backend, tmp_path):
    with collector(tmp_path / "landing", traces="otlp") as running:
        running.post("/v1/track?secret=s3cret", SCREEN | {"userId": "s3cret", "context": {"ip": "s3cret"}})
        running.stop()
    assert backend.spans
    assert not [span for span in backend.spans if b"s3cret" in span.SerializeToString()]


def test_traces_are_off_unless_asked_for(backend, tmp_path):
    with collector(tmp_path / "landing") as running:
        running.post("/v1/track", SCREEN)
        running.stop()
    tracing.trace_pass(load_settings(data_dir=tmp_path / "data"), one_pass([]))
    assert backend.spans == []
