"""The spans of one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Span, SpanContext, TraceFlags

from ingestion.tracing import Traces, segment_ids

_given: ContextVar[tuple[int, int] | None] = ContextVar("given", default=None)


class _Ids(RandomIdGenerator):
    """Random ids, but for spans that start in a ``named`` block."""

    @contextmanager
    def named(self, trace_id: int, span_id: int) -> Iterator[None]:
        token = _given.set((trace_id, span_id))
        try:
            yield
        finally:
            _given.reset(token)

    def generate_trace_id(self) -> int:
        given = _given.get()
        return given[0] if given else super().generate_trace_id()

    def generate_span_id(self) -> int:
        given = _given.get()
        return given[1] if given else super().generate_span_id()


class Tracing:
    """Makes spans and sends them in the background: ``otlp`` over HTTP, ``console`` as JSON lines on standard
    output.
    """

    def __init__(self, service: str, exporter: Traces) -> None:
        self._ids = _Ids()
        resource = Resource.create({"service.name": f"forecourt-{service}"})
        self._provider = TracerProvider(resource=resource, id_generator=self._ids)
        console = ConsoleSpanExporter(formatter=lambda span: span.to_json(indent=None) + "\n")
        self._provider.add_span_processor(
            BatchSpanProcessor(console if exporter == "console" else OTLPSpanExporter())
        )
        self.tracer = self._provider.get_tracer("forecourt")

    def segment_span(self, file: str) -> Span:
        """Start the first span of a segment's trace."""
        with self._ids.named(*segment_ids(file)):
            return self.tracer.start_span("segment", Context())

    def segment_context(self, file: str) -> SpanContext:
        """What a span names, as its parent or by a link, that has to do with this segment: the same in every
        process, also in one that never saw the segment being written.
        """
        trace_id, span_id = segment_ids(file)
        sampled = self._provider.sampler.should_sample(None, trace_id, "segment").decision.is_sampled()
        flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)
        return SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
