"""Back-pressure: a collector that nobody empties says so, and takes no more than it may keep."""

import asyncio
import errno
import threading
from pathlib import Path

import pytest

from ingestion.collector import backlog
from ingestion.collector.backlog import Backlog
from ingestion.collector.log import EventLog, LogFullError, LogLimits
from ingestion.collector.monitor import Metrics, trouble


def test_senders_are_told_to_come_again_until_segments_are_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(backlog, "COUNT_SECONDS", 0.0)

    async def run():
        log = EventLog(tmp_path, LogLimits(seal_bytes=1, waiting_bytes=10))
        log.start()
        await log.append([b'{"a": 1}\n'] * 2)
        while not log.backlog.segments:  # the log's thread seals after it has answered
            await asyncio.to_thread(log.backlog.count)
        with pytest.raises(LogFullError, match="wait to be loaded") as refused:
            await log.append([b"{}\n"])
        assert (refused.value.is_busy, refused.value.retry_after) == (False, 30)
        assert "1 segments of 18 bytes wait" in trouble(log)
        assert "set waiting_bytes = 0" in trouble(log)
        assert b"forecourt_collector_waiting_segments 1.0" in Metrics().page(log)
        for path in tmp_path.rglob("*.jsonl"):
            path.rename(f"{path}.loaded")
        while trouble(log):  # who asks is enough: no sender comes to what is not ready
            await asyncio.sleep(0)
        await log.append([b"{}\n"])
        log.stop()

    asyncio.run(run())


def test_without_a_limit_folders_are_looked_through_only_for_who_asks(tmp_path, monkeypatch):
    counts = []
    monkeypatch.setattr(Backlog, "_counted", lambda self: counts.append(threading.current_thread()) or (0, 0))

    async def run(**limits):
        log = EventLog(tmp_path, LogLimits(seal_bytes=1, **limits))
        log.start()
        for _ in range(5):
            await log.append([b"{}\n"])
        assert trouble(log) is None
        log.stop()

    asyncio.run(run())
    assert counts == []
    asyncio.run(run(waiting_bytes=10))
    assert len(counts) == 1  # at most once a second
    assert counts[0].name != "event-log"
    Metrics().page(EventLog(tmp_path))
    assert len(counts) == 2


def test_who_needs_long_to_count_counts_seldom(tmp_path, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(backlog.time, "monotonic", lambda: clock[0])
    counted = []

    def slowly(self):
        counted.append(clock[0])
        clock[0] += 3.0
        return 0, 0

    monkeypatch.setattr(Backlog, "_counted", slowly)
    waiting = Backlog([tmp_path])
    for moment in (100.0, 104.0, 162.0, 163.5):
        clock[0] = moment
        waiting.count()
    assert counted == [100.0, 163.5]


def test_a_folder_that_cannot_be_read_leaves_the_last_count(tmp_path, monkeypatch):
    monkeypatch.setattr(backlog, "COUNT_SECONDS", 0.0)
    monkeypatch.setattr(backlog, "COUNT_SHARE", 0)
    (tmp_path / "a.jsonl").write_bytes(b"{}\n")
    waiting = Backlog([tmp_path])
    waiting.count()

    def too_many(path, pattern):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Path, "glob", too_many)
    waiting.count()
    assert (waiting.segments, waiting.bytes) == (1, 3)
