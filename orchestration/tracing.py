"""Spans of the refresher's passes, told after each pass: what it loaded, what it built, what it published.

A pass is a trace of its own, linked to the segments that it loaded; in each segment's trace a span says when
its events were published (see ``ingestion.tracing``).
"""

import atexit
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.tracing import Traces
    from ingestion.tracing.spans import Tracing

MAX_LINKS = 128  # what the SDK keeps of a span's links; a pass with more segments is a backlog


def trace_pass(settings: Settings, done: Mapping[str, Any]) -> None:
    """Tell of one pass, as the journal has it; does nothing where traces are off.

    ``started_at`` is ISO 8601 in UTC, ``seconds`` and the ``offset`` of each stage are seconds, ``segments``
    are the names of files.
    """
    if settings.traces == "off":
        return
    from opentelemetry.context import Context
    from opentelemetry.trace import Link, StatusCode, set_span_in_context

    tracing = _tracing(settings.traces)
    begun = int(datetime.fromisoformat(done["started_at"]).timestamp() * 1e9)
    ended = begun + _nanoseconds(done["seconds"])
    contexts = [tracing.segment_context(name) for name in done["segments"][:MAX_LINKS]]
    span = tracing.tracer.start_span(
        f"refresh pass ({done['lane']})",
        Context(),
        links=[Link(context) for context in contexts],
        attributes=_attributes(done),
        start_time=begun,
    )
    if done["error"]:
        span.set_status(StatusCode.ERROR, done["error"])
    inside = set_span_in_context(span)
    for stage in done["stages"]:
        start = begun + _nanoseconds(stage["offset"])
        child = tracing.tracer.start_span(stage["name"], inside, start_time=start)
        child.end(start + _nanoseconds(stage["seconds"]))
    span.end(ended)
    if not done["error"]:
        _published(tracing, contexts, span.get_span_context(), done["version"], begun, ended)


def _published(
    tracing: "Tracing", segments: Sequence[Any], of_pass: Any, version: Any, begun: int, ended: int
) -> None:
    """In the trace of each segment: when its events could be read, and in which version."""
    from opentelemetry.trace import Link, NonRecordingSpan, set_span_in_context

    for context in segments:
        span = tracing.tracer.start_span(
            "published",
            set_span_in_context(NonRecordingSpan(context)),
            links=[Link(of_pass)],
            attributes={"forecourt.version": str(version)},
            start_time=begun,
        )
        span.end(ended)


def _attributes(done: Mapping[str, Any]) -> dict[str, str | int | float]:
    rows = {
        f"forecourt.{what}": sum(source[what] for source in done["sources"])
        for what in ("read", "loaded", "rejected", "repeated")
    }
    return {
        "forecourt.pass": done["pass_no"],
        "forecourt.segments": len(done["segments"]),
        "forecourt.version": str(done["version"]),
        **rows,
    }


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)


@cache
def _tracing(exporter: "Traces") -> "Tracing":
    """This process's spans; what is left is sent when it ends."""
    from ingestion.tracing.spans import Tracing

    tracing = Tracing("refresher", exporter)
    atexit.register(tracing.close)
    return tracing
