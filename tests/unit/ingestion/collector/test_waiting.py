"""Back-pressure: a collector that nobody empties says so, and takes no more than it may keep."""

import asyncio

import pytest

from ingestion.collector import log as event_log
from ingestion.collector.log import EventLog, LogFullError, LogLimits
from ingestion.collector.monitor import Metrics, trouble


def test_senders_are_told_to_come_again_until_segments_are_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(event_log, "COUNT_SECONDS", 0.0)

    async def run():
        log = EventLog(tmp_path, LogLimits(seal_bytes=1, waiting_bytes=10))
        log.start()
        await log.append([b'{"a": 1}\n'] * 2)
        while not log.waiting_segments:  # the log's thread seals after it has answered
            await asyncio.sleep(0)
            log.count_waiting()
        with pytest.raises(LogFullError, match="wait to be loaded") as refused:
            await log.append([b"{}\n"])
        assert (refused.value.is_busy, refused.value.retry_after) == (False, 30)
        assert "1 segments wait" in trouble(log)
        assert b"forecourt_collector_waiting_segments 1.0" in Metrics().page(log)
        for path in tmp_path.rglob("*.jsonl"):
            path.rename(f"{path}.loaded")
        log.count_waiting()
        await log.append([b"{}\n"])
        log.stop()

    asyncio.run(run())
