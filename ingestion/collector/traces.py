"""The collector's spans: one for each request, one for each segment, one for each group commit.

Loads OpenTelemetry: import it only where traces are on.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from opentelemetry.propagate import extract
from opentelemetry.trace import Span, SpanKind, get_current_span, set_span_in_context, use_span

from ingestion.collector.http import Receive, Scope, Send
from ingestion.collector.log import Lane, LogWatcher
from ingestion.tracing import Traces
from ingestion.tracing.spans import Tracing

Serve = Callable[[Scope, Receive, Send], Awaitable[None]]


class CollectorTraces(LogWatcher):
    """Follows requests on the event loop and segments on the log's thread."""

    def __init__(self, exporter: Traces) -> None:
        self._tracing = Tracing("collector", exporter)
        self._segments: dict[str, Span] = {}

    async def request(self, serve: Serve, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request inside its span, which continues the sender's trace where the sender has one."""
        carrier = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        span = self._tracing.tracer.start_span(
            f"{scope['method']} {kind}",
            extract(carrier),
            SpanKind.SERVER,
            {"http.request.method": scope["method"], "forecourt.request.kind": kind},
        )

        async def noting(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
            await send(message)

        with use_span(span, end_on_exit=True):
            await serve(scope, receive, noting)

    def kept(self, segment: str, lane: Lane, events: int) -> None:
        """Events of the current request are on disk, in this segment."""
        span = get_current_span()
        span.add_link(self._tracing.segment_context(segment), {"forecourt.lane": lane})
        span.add_event("on disk", {"forecourt.segment": segment, "forecourt.events": events})

    def opened(self, lane: Lane, segment: str) -> None:
        """A segment was begun."""
        span = self._tracing.segment_span(segment)
        span.set_attributes({"forecourt.segment": segment, "forecourt.lane": lane})
        self._segments[segment] = span

    def committed(self, lane: Lane, segment: str, events: int, size: int, seconds: float) -> None:
        """A group commit ended."""
        ended = time.time_ns()
        started = ended - int(seconds * 1e9)
        context = set_span_in_context(self._segments[segment])
        counts = {"forecourt.events": events, "forecourt.bytes": size}
        span = self._tracing.tracer.start_span("group commit", context, attributes=counts, start_time=started)
        span.end(ended)

    def sealed(self, lane: Lane, segment: str, events: int, size: int) -> None:
        """A segment was sealed: it can be loaded."""
        span = self._segments.pop(segment)
        span.set_attributes({"forecourt.events": events, "forecourt.bytes": size})
        span.end()

    def close(self) -> None:
        """Send what is left."""
        self._tracing.close()
