import asyncio
import errno
import os
import threading
from pathlib import Path

import pytest

from ingestion.collector import log as log_module
from ingestion.collector.log import EventLog, LogFullError, LogLimits, LogWatcher
from ingestion.collector.monitor import trouble
from ingestion.collector.segments import recover


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
        with pytest.raises(LogFullError):
            await log.append([b"d" * 100 + b"\n"])  # an empty queue does not take any size either

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


def test_a_fault_that_nobody_foresaw_refuses_the_batch_and_the_log_goes_on(tmp_path, monkeypatch):
    async def work(log):
        with monkeypatch.context() as patch:
            patch.setattr(log_module, "Segment", lambda lane: {}["no such thing"])
            with pytest.raises(LogFullError, match="KeyError"):
                await asyncio.wait_for(log.append([b"a\n"]), 10)
        assert "KeyError" in log.problem
        await asyncio.wait_for(log.append([b"b\n"]), 10)
        assert log.problem is None

    run(tmp_path, work)
    assert lines_of(tmp_path, "normal") == [b"b"]


def test_a_fault_between_two_commits_does_not_end_the_log(tmp_path, monkeypatch):
    async def work(log):
        with monkeypatch.context() as patch:
            patch.setattr(log, "_seal_due", lambda **_: {}["no such thing"])
            await log.append([b"a\n"])
            while not log.problem:
                await asyncio.sleep(0)
        await asyncio.wait_for(log.append([b"b\n"]), 10)
        assert log.problem is None

    run(tmp_path, work)
    assert lines_of(tmp_path, "normal") == [b"a", b"b"]


def test_a_watcher_that_fails_holds_up_nobody(tmp_path):
    class Broken(LogWatcher):
        def opened(self, lane, segment):
            raise KeyError(segment)

    async def main():
        log = EventLog(tmp_path, LogLimits(seal_seconds=60), [Broken()])
        log.start()
        await asyncio.wait_for(log.append([b"a\n"]), 10)
        log.stop()

    asyncio.run(main())
    assert lines_of(tmp_path, "normal") == [b"a"]


def test_a_writer_that_ended_is_told_of_and_nobody_waits_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(EventLog, "_run", lambda log: None)

    async def work(log):
        log._thread.join()
        assert trouble(log) == "the log's writer has ended: restart the collector"
        with pytest.raises(LogFullError, match="cannot write"):
            await asyncio.wait_for(log.append([b"a\n"]), 10)

    run(tmp_path, work)


def test_a_problem_ends_also_where_nobody_sends_to_a_collector_that_is_not_ready(tmp_path, monkeypatch):
    def full(fd, data, offset):
        raise OSError(errno.ENOSPC, "No space left on device")

    async def work(log):
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", full)
            with pytest.raises(LogFullError):
                await log.append([b"a\n"])
        assert log.problem
        monkeypatch.setattr(log_module, "PROBLEM_SECONDS", 0.0)
        assert log.problem is None

    run(tmp_path, work)


def refuse_to_rename(patch, on_refusal=lambda: None):
    def full(path, target):
        on_refusal()
        raise OSError(errno.ENOSPC, "No space left on device")

    patch.setattr(Path, "rename", full)


def test_a_segment_that_could_not_be_sealed_is_sealed_later_and_the_problem_stays_so_long(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(log_module, "RETRY_SECONDS", 0.01)
    refused = threading.Event()

    async def work(log):
        with monkeypatch.context() as patch:
            refuse_to_rename(patch, refused.set)
            await log.append([b"first\n"])
            await asyncio.to_thread(refused.wait, 10)
            await log.append([b"second\n"])  # a commit that goes well is no answer to it
            assert log.problem == "a segment could not be sealed: No space left on device"
            assert len(list((tmp_path / "normal").glob("*.open"))) == 2
        async with asyncio.timeout(10):
            while log.problem:
                await asyncio.sleep(0)
        assert b"first" in lines_of(tmp_path, "normal")

    run(tmp_path, work, seal_bytes=1)
    assert sorted(lines_of(tmp_path, "normal")) == [b"first", b"second"]


def test_what_cannot_be_sealed_at_the_end_is_left_to_the_next_start(tmp_path, monkeypatch):
    async def work(log):
        await log.append([b"a\n"])
        refuse_to_rename(monkeypatch)

    run(tmp_path, work)
    monkeypatch.undo()
    assert [file.read_bytes() for file in recover(tmp_path / "normal")] == [b"a\n"]  # nobody holds it
