"""kill -9 of collector and loader at random points, with clients that retry and with both lanes: what was
acknowledged is in the warehouse once, and nothing else is.

`python -m tests.bench.live kills` does the same to the whole refresher, 200 times.
"""

import random
import signal
import subprocess
import sys
import threading

import duckdb

from ingestion.config import SourceConfigs
from ingestion.load import load_sources
from tests.integration.ingestion.collector_process import CollectorProcess
from tests.integration.ingestion.test_collector_kills import CLIENTS, Acknowledged, Sender

KILLS = 5
LOADER = """
import sys
from pathlib import Path
from ingestion.live.archive import archive, remove_leftovers
from ingestion.live.load import LiveLoader
from ingestion.live.waiting import first, loaded_segments, mark_loaded, waiting_segments
from ingestion.warehouse import open_warehouse

warehouse, landing, kept = map(Path, sys.argv[1:4])
loader = LiveLoader(open_warehouse(warehouse))
remove_leftovers(kept)
print("ready", flush=True)
for _ in sys.stdin if sys.argv[4] == "once" else iter(int, 1):
    segments = first(waiting_segments(landing), 100_000)
    if segments:
        loader.load(segments)
        mark_loaded(segments)
        archive(loader.connection, kept, loaded_segments(landing))
    print("pass", flush=True)
"""


def start_loader(folder, landing, mode="endless"):
    """A process that loads what is sealed, pass after pass; returns when it is about to."""
    arguments = [folder / "warehouse.duckdb", landing, folder / "archive", mode]
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    return process


def test_what_was_acknowledged_is_in_the_warehouse_once(tmp_path):
    chance = random.Random(11)
    [report] = load_sources(tmp_path / "warehouse.duckdb", tmp_path / "pipelines", SourceConfigs(), ["app"])
    assert report.status == "not_configured", report.message
    collector = CollectorProcess(tmp_path / "landing", seal_seconds=0.05).start()
    acknowledged, finished = Acknowledged(), threading.Event()
    senders = [Sender(f"c{i}", collector.url, acknowledged, finished) for i in range(CLIENTS)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        loader = start_loader(tmp_path, tmp_path / "landing")
        for _ in range(chance.randrange(40)):  # passes, most of them with nothing to do
            loader.stdout.readline()
        acknowledged.wait_for(len(acknowledged.ids) + chance.randrange(1, 60))
        loader.send_signal(signal.SIGKILL)
        loader.wait()
        if chance.random() < 0.5:
            collector.kill()
            collector.start()
    finished.set()
    for sender in senders:
        sender.join()
    collector.stop()
    collector.start()  # seals what a killed one left
    collector.stop()
    last = start_loader(tmp_path, tmp_path / "landing", "once")
    last.communicate(b"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n" * 4)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        found = [row[0] for row in connection.execute("select message_id from raw_app.event").fetchall()]
        balanced = connection.execute("select bool_and(is_balanced) from raw_app.load_audit").fetchall()
    assert len(found) == len(set(found))
    assert set(acknowledged.ids) <= set(found)
    # on disk before the last answer could be heard: at most what each client was sending at a kill
    assert len(found) - len(acknowledged.ids) <= CLIENTS
    assert balanced == [(True,)]
    assert list((tmp_path / "landing").rglob("*.jsonl*")) == []
    assert list((tmp_path / "archive").rglob("*.building")) == []
