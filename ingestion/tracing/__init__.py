"""Traces from a request to the published row (OpenTelemetry); off unless asked for.

A segment of the event log is a trace of its own, and its ids are made from its name. So whoever has the file
can add to its trace, and nothing has to be written beside the events::

    request ── link ──► segment (opened ... sealed)  ◄── link ── pass of the refresher: load, build, publish
                        ├─ group commit ...
                        └─ published

Where spans go is said in the variables that OpenTelemetry defines (``OTEL_EXPORTER_OTLP_ENDPOINT``,
``OTEL_TRACES_SAMPLER`` ...). No span holds anything that a sender wrote.

Importing this package does not load OpenTelemetry; ``spans`` does.
"""

import hashlib
from pathlib import PurePath
from typing import Literal

from ingestion.collector.segments import OPEN, SEALED

Traces = Literal["off", "otlp", "console"]


def segment_name(file: str) -> str:
    """The name that a segment has from its first byte on: that of its file without checksum and state."""
    name = PurePath(file).name
    return name.rpartition("-")[0] if SEALED.fullmatch(name) else name.removesuffix(OPEN)


def segment_ids(file: str) -> tuple[int, int]:
    """Trace id (128 bits) and span id (64 bits) of a segment, by the name of its file."""
    digest = hashlib.sha256(segment_name(file).encode()).digest()
    return int.from_bytes(digest[:16], "big"), int.from_bytes(digest[16:24], "big")
