"""What the collector tells about itself: Prometheus metrics, and whether it can take events now."""

import shutil
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ingestion.collector.log import EventLog, Lane, LogWatcher

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
MIN_FREE = 256 * 1024 * 1024  # bytes: below this the disk is as good as full


class Metrics(LogWatcher):
    """The metrics of one process. No label holds anything that a sender wrote but the names of its key and
    its events.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        name = "forecourt_collector_"
        self.requests = Counter(
            name + "requests_total", "Requests by kind and status", ["kind", "status"], registry=self.registry
        )
        self.events = Counter(
            name + "events_total",
            "Events by application and outcome",
            ["app", "outcome"],
            registry=self.registry,
        )
        self.bytes = Counter(name + "written_bytes_total", "Bytes on disk", ["lane"], registry=self.registry)
        self.commits = Histogram(
            name + "commit_seconds",
            "Write and fdatasync of one group",
            ["lane"],
            buckets=SECONDS,
            registry=self.registry,
        )
        # looked up for every request, and prometheus_client takes as long for it as reading an event does
        self.answered = cache(self.requests.labels)
        self.taken = cache(self.events.labels)
        self.queued = Gauge(name + "queued_bytes", "Bytes that wait for the disk", registry=self.registry)
        self.waiting = {
            what: Gauge(
                name + f"waiting_{what}", f"Sealed {what} that wait to be loaded", registry=self.registry
            )
            for what in ("bytes", "segments")
        }
        self.ready = Gauge(name + "ready", "1 where events can be taken", registry=self.registry)

    def committed(self, lane: Lane, segment: str, events: int, size: int, seconds: float) -> None:
        """One group commit."""
        self.bytes.labels(lane).inc(size)
        self.commits.labels(lane).observe(seconds)

    def page(self, log: EventLog) -> bytes:
        """The metrics in Prometheus' text format; reads folders."""
        self.queued.set(log.queued_bytes)
        log.backlog.count()
        self.waiting["bytes"].set(log.backlog.bytes)
        self.waiting["segments"].set(log.backlog.segments)
        self.ready.set(0 if trouble(log) else 1)
        return generate_latest(self.registry)


def trouble(log: EventLog) -> str | None:
    """Why events cannot be taken now, in one sentence; ``None`` where all is well. Reads folders."""
    if log.problem:
        return log.problem
    if log.queued_bytes >= log.limits.queue_bytes:
        return "the queue for the disk is full"
    if log.limits.waiting_bytes:
        log.backlog.count()  # also while nobody sends
    if log.has_backlog:
        return (
            f"{log.backlog.segments} segments of {log.backlog.bytes} bytes wait to be loaded and "
            f"waiting_bytes is {log.limits.waiting_bytes}: is `forecourt refresh --watch` running? Batch "
            "loads leave segments where they are: without a refresher set waiting_bytes = 0"
        )
    free = shutil.disk_usage(_existing(log.folder)).free
    if free < MIN_FREE:
        return f"the disk has only {free // 1024**2} MiB left: make room under {log.folder}"
    return None


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
