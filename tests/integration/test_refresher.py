"""The resident refresher as people run it: an event at the collector's door is a published number a moment
later, a writer who waits is let in, and SIGTERM ends it after the running pass.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from ingestion.collector.segments import Segment
from orchestration.lock import writer_lock
from orchestration.refresher.journal import read_passes, read_state
from orchestration.settings import load_settings
from serving.snapshot import current
from serving.store import Store
from tests.unit.ingestion.systems import event

TODAY = datetime.now(UTC).date()


def seal(settings, first, count):
    """A sealed segment with events of this moment, of accounts that nobody knows."""
    now = datetime.now(UTC).isoformat()
    segment = Segment(settings.landing_dir / "normal")
    events = [
        event(number, userId=f"stranger-{number % 3}", timestamp=now, receivedAt=now)
        for number in range(first, first + count)
    ]
    segment.append([json.dumps(one).encode() + b"\n" for one in events])
    return segment.seal()


def count_of_today(settings):
    """Events and people of the business day, as readers see them."""
    store = Store(settings.snapshots_dir)
    [row] = store.query(
        "select (select sum(app_event_cnt)::bigint from indicators.ind_app_1d where stat_date >= $1) "
        "as events, "
        "(select count(distinct person_no) from indicators.ind_app_person_1d where stat_date >= $1) "
        "as people",
        [TODAY],
    ).to_pylist()
    return row


def next_pass(process, lane):
    """Wait for the next pass of a lane that ended well."""
    for line in process.stdout:
        done = json.loads(line)
        assert done["error"] is None, done["error"]
        if done["lane"] == lane:
            return done
    raise AssertionError("the refresher ended")


def test_an_event_is_published_a_pass_later_and_sigterm_ends_it(tiny, tmp_path):
    settings = load_settings(data_dir=tiny.copy(tmp_path).data_dir)
    environment = os.environ | {"FORECOURT_DATA_DIR": str(settings.data_dir)}
    whole = current(settings.snapshots_dir)
    seal(settings, 1_000_000, 50)
    with subprocess.Popen(
        [str(Path(sys.executable).with_name("forecourt")), "refresh", "--watch", "--json"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        first = next_pass(process, "live")
        assert first["sources"][0]["loaded"] == 50
        assert first["lag_seconds"]["p95"] > 0
        assert count_of_today(settings) == {"events": 50, "people": 3}
        assert current(settings.snapshots_dir).whole == whole.path  # a layer over the snapshot that was there
        with writer_lock(settings.data_dir, "somebody else", wait=60):  # let in between two passes
            seal(settings, 1_000_025, 50)  # half of them come a second time
        second = next_pass(process, "live")
        [rows] = second["sources"]
        assert (rows["loaded"], rows["repeated"]) == (25, 25)
        assert count_of_today(settings) == {"events": 75, "people": 3}
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert read_state(settings)["state"] == "stopped"
    numbers = [one["pass_no"] for one in read_passes(settings)]
    assert numbers == sorted(set(numbers))
    assert not list(settings.landing_dir.rglob("*.jsonl*"))  # archived
    assert len(list((settings.data_dir / "archive").rglob("*.parquet"))) == 1
