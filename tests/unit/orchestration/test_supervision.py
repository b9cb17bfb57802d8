"""A refresher that ends is started again, one that hangs is ended, and somebody is told."""

import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from orchestration import supervision
from orchestration.alerts import Outbox
from orchestration.errors import ForecourtError
from orchestration.settings import Settings
from orchestration.supervision import judge_heartbeat, supervise

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


def alerts(settings):
    return [alert.text for alert in Outbox(settings.outbox_dir / "alerts").open_alerts()]


def state(silent=0.0, waiting=0.0, **changes):
    at = NOW - timedelta(seconds=silent)
    backlog = {"segments": 1, "oldest_seconds": waiting}
    return {
        "pid": os.getpid(),
        "pass_no": 3,
        "state": "idle",
        "at": at.isoformat(),
        "backlog": backlog,
    } | changes


def child(settings, code):
    """A refresher of a few lines, with the state file in its hands."""
    folder = settings.data_dir / "state" / "refresh"
    folder.mkdir(parents=True, exist_ok=True)
    return (sys.executable, "-c", f"import json, os, time\nfolder = {str(folder)!r}\n{code}")


def test_silence_is_told_and_ends(settings):
    assert judge_heartbeat(settings, state(silent=5), NOW) is None
    assert "nothing for 120 s" in judge_heartbeat(settings, state(silent=120), NOW)
    assert len(alerts(settings)) == 1
    assert judge_heartbeat(settings, state(), NOW) is None
    assert alerts(settings) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"backlog": {"segments": 9, "oldest_seconds": 1_000}}, "events wait for 1,000 s"),
        ({"unpublished": {"segments": 1, "oldest_seconds": 400}}, "loaded and not published for 400 s"),
        ({"failures": {"live": 3, "full": 0}}, "3 passes of the live lane have failed in a row"),
        (
            {"state": "waiting", "since": (NOW - timedelta(hours=1)).isoformat()},
            "somebody else writes for 3,600 s",
        ),
    ],
)
def test_what_a_beating_heart_does_not_say_is_told(settings, changes, said):
    assert said in judge_heartbeat(settings, state(**changes), NOW)
    assert said in alerts(settings)[0]
    assert judge_heartbeat(settings, state(failures={"live": 2, "full": 0}), NOW) is None
    assert alerts(settings) == []


def test_somebody_may_write_for_a_while_though_events_wait(settings):
    letting_somebody_write = state(waiting=1_000, state="waiting", since=NOW.isoformat())
    assert judge_heartbeat(settings, letting_somebody_write, NOW) is None


def test_stuck_is_who_has_work_and_ends_no_pass():
    now = [0.0]
    course = supervision.Course(lambda: now[0])
    for number in range(20):  # a backlog of hours that becomes smaller pass by pass
        now[0] += 800
        assert course.stuck(state(waiting=90_000, pass_no=number)) is None
    now[0] += 901
    assert "no pass has ended for 901 s" in course.stuck(state(waiting=90_000, pass_no=19))
    assert course.stuck(state(state="waiting", pass_no=19)) is None
    now[0] += 901
    assert course.stuck(state(backlog={"segments": 0}, pass_no=19)) is None  # nothing to do


def test_one_that_works_off_a_backlog_is_left_to_it(settings, monkeypatch):
    stop, said, judged = threading.Event(), [], []
    now = datetime.now(UTC).isoformat()
    late = f"""
backlog = {{"segments": 5, "oldest_seconds": 5000}}
state = {{"pid": os.getpid(), "pass_no": 1, "state": "live", "at": {now!r}, "backlog": backlog}}
json.dump(state, open(folder + "/state.new", "w"))
os.replace(folder + "/state.new", folder + "/state.json")
while True: time.sleep(60)
"""

    def judge(*asked):
        judged.append(judge_heartbeat(*asked))
        if len(judged) == 3:
            stop.set()
        return judged[-1]

    monkeypatch.setattr(supervision, "judge_heartbeat", judge)
    supervise(settings, stop, said.append, child(settings, late), pause=0.0)
    assert "events wait for 5,000 s" in alerts(settings)[0]
    assert len(said) == 1  # started, and never ended


def test_a_refresher_that_was_stopped_is_not_missed(settings):
    assert judge_heartbeat(settings, state(silent=9_999, state="stopped"), NOW) is None


def test_it_is_started_again_until_it_has_failed_too_often(settings):
    said = []
    with pytest.raises(ForecourtError, match="8 times in a row; the last time it left with code 3"):
        supervise(settings, threading.Event(), said.append, child(settings, "os._exit(3)"), pause=0.0)
    assert sum("runs as process" in line for line in said) == supervision.FAILURES


def test_one_that_hangs_is_ended_and_told(settings, monkeypatch):
    stop, said = threading.Event(), []
    old = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    silent = f"""
state = {{"pid": os.getpid(), "pass_no": 1, "state": "live", "at": {old!r}, "backlog": {{}}}}
json.dump(state, open(folder + "/state.json", "w"))
while True: time.sleep(60)
"""

    def say(line):
        said.append(line)
        if "ended" in line:
            stop.set()

    supervise(settings, stop, say, child(settings, silent), pause=0.0)
    assert "has said nothing" in said[-1]
    assert "has said nothing" in alerts(settings)[0]


def test_it_does_not_outlive_its_supervisor(settings):
    stop = threading.Event()
    pids = []

    def say(line):
        pids.append(int(line.split()[-1].rstrip(".")))
        stop.set()

    supervise(settings, stop, say, child(settings, "while True: time.sleep(60)"))
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_one_that_something_else_started_is_watched_and_not_doubled(settings):
    folder = settings.data_dir / "state" / "refresh"
    folder.mkdir(parents=True)
    file = folder / "state.json"
    fresh = state(at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    file.write_text(json.dumps(fresh))
    stop, said = threading.Event(), []
    threading.Timer(0.2, stop.set).start()
    supervise(settings, stop, said.append, child(settings, "raise SystemExit"))
    assert said == []
