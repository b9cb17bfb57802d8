import asyncio
import errno
import os
import threading

import pytest

from ingestion.collector.log import EventLog, LogFullError, LogLimits, LogWatcher


def lines_of(folder, lane):
    return b"".join(file.read_bytes() for file in sorted((folder / lane).glob("*.jsonl"))).splitlines()


def run(folder, work, **limits):
    """Start a log, await ``work(log)``, stop it; returns the log."""

    async def main():
        log = EventLog(folder, LogLimits(**({"seal_seconds": 60.0} | limits)))
        log.start()
        try:
            await work(log)
        finally:
            log.stop()
        return log

    return asyncio.run(main())


def test_what_was_awaited_is_on_disk_each_lane_in_its_folder(tmp_path):
    async def work(log):
        await asyncio.gather(
            *(log.append([b"%d\n" % i]) for i in range(200)), log.append([b"urgent\n"], "critical")
        )
        # already before the segment is sealed
        assert sum(len(file.read_bytes()) for file in (tmp_path / "normal").iterdir()) == sum(
            len(str(i)) + 1 for i in range(200)
        )

    run(tmp_path, work)
    assert sorted(lines_of(tmp_path, "normal"), key=int) == [b"%d" % i for i in range(200)]
    assert lines_of(tmp_path, "critical") == [b"urgent"]


def test_requests_share_a_commit(tmp_path):
    commits = []

    class Commits(LogWatcher):
        def committed(self, lane, segment, events, size, seconds):
            commits.append(events)

    async def main():
        log = EventLog(tmp_path, LogLimits(seal_seconds=60), [Commits()])
        log.start()
        await asyncio.gather(*(log.append([b"x\n"]) for _ in range(500)))
        log.stop()

    asyncio.run(main())
    assert sum(commits) == 500
    assert len(commits) < 100


def test_a_segment_is_sealed_by_size(tmp_path):
    async def work(log):
        for _ in range(5):
            await log.append([b"x" * 99 + b"\n"])

    run(tmp_path, work, seal_bytes=200)
    assert len(list((tmp_path / "normal").glob("*.jsonl"))) == 3


def test_a_segment_is_sealed_by_time_without_another_event(tmp_path):
    async def work(log):
        await log.append([b"x\n"])
        folder = tmp_path / "normal"
        while not list(folder.glob("*.jsonl")):
            await asyncio.sleep(0)

    run(tmp_path, work, seal_seconds=0.01)


def test_a_full_queue_refuses_and_nothing_of_the_refused_is_written(tmp_path, monkeypatch):
    gate = threading.Event()
    real = os.fdatasync

    def slow(fd):
        gate.wait(30)
        real(fd)

    monkeypatch.setattr(os, "fdatasync", slow)

    async def work(log):
        first = asyncio.create_task(log.append([b"a" * 80 + b"\n"]))
        await asyncio.sleep(0)
        with pytest.raises(LogFullError) as full:
            await log.append([b"b" * 80 + b"\n"])
        assert full.value.is_busy
        gate.set()
        await first
        await log.append([b"c\n"])  # room again

    run(tmp_path, work, queue_bytes=100)
    assert lines_of(tmp_path, "normal") == [b"a" * 80, b"c"]


def test_a_full_disk_refuses_says_so_and_the_log_recovers(tmp_path, monkeypatch):
    def full(fd, data, offset):
        raise OSError(errno.ENOSPC, "No space left on device")

    async def work(log):
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", full)
            with pytest.raises(LogFullError, match="disk is full") as refused:
                await log.append([b"lost? no: never acknowledged\n"])
        assert not refused.value.is_busy
        assert log.problem == "the collector's disk is full"
        await log.append([b"after\n"])
        assert log.problem is None
        assert log.queued_bytes == 0

    run(tmp_path, work)
    assert lines_of(tmp_path, "normal") == [b"after"]
