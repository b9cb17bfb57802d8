"""The resident refresher when something breaks: a pass fails and not the process, what was not published is
published later with its whole lag, and nothing is shown that has not passed its tests.
"""

import threading
from datetime import UTC, datetime

import duckdb
import pytest

from orchestration.dbt_build import BuildFailedError
from orchestration.progress import PlainProgress
from orchestration.refresher import full_lane, unpublished
from orchestration.refresher.changes import note
from orchestration.refresher.full_lane import UNTESTED
from orchestration.refresher.journal import read_passes, read_state
from orchestration.refresher.resident import Refresher
from orchestration.settings import load_settings
from serving import layer
from serving.layer import NoBase
from serving.snapshot import current
from tests.integration.test_refresher import count_of_today, seal


@pytest.fixture
def settings(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(unpublished, "RETRY_SECONDS", 0.0)
    return load_settings(data_dir=tiny.copy(tmp_path).data_dir)


def broken(monkeypatch, where, what, *errors):
    """The next calls of a function raise these errors, the others are real."""
    real, left = getattr(where, what), list(errors)

    def call(*arguments, **named):
        if left:
            raise left.pop(0)
        return real(*arguments, **named)

    monkeypatch.setattr(where, what, call)


def of_lane(passes, lane):
    return next(one for one in passes if one.lane == lane)


def test_a_pass_that_fails_ends_neither_the_process_nor_its_events(settings, monkeypatch):
    stop = threading.Event()
    with Refresher(settings, PlainProgress()) as refresher:
        passes = refresher.passes(stop)
        seal(settings, 1_000_000, 10)
        assert of_lane(passes, "live").error is None
        broken(
            monkeypatch,
            layer,
            "publish_layer",
            duckdb.FatalException("the database has been invalidated"),
            OSError("no space left on device"),
        )
        seal(settings, 2_000_000, 20)
        failed = [of_lane(passes, "live"), of_lane(passes, "live")]
        assert ["invalidated" in failed[0].error, "no space" in failed[1].error] == [True, True]
        assert refresher._describe()["failures"]["live"] == 2
        assert refresher._describe()["unpublished"]["events"] == 20
        again = of_lane(passes, "live")  # though no new event came
        assert (again.error, again.rows) == (None, 0)
        assert sum(again.lag_counts.values()) == 20
        assert refresher._describe()["failures"]["live"] == 0
        assert count_of_today(settings)["events"] == 30


def test_what_is_not_tested_or_not_whole_is_not_published(settings, monkeypatch):
    stop = threading.Event()
    with Refresher(settings, PlainProgress()) as refresher:
        passes = refresher.passes(stop)
        seal(settings, 1_000_000, 10)
        assert of_lane(passes, "full").error is None
        before = current(settings.snapshots_dir)
        note(refresher._slices, UNTESTED, "ind_app_1d")  # as a full pass does before it makes it anew
        refresher._full._untested = None
        seal(settings, 2_000_000, 5)
        held = of_lane(passes, "live")
        assert "not tested yet: ind_app_1d" in held.held
        assert (held.version, held.error, current(settings.snapshots_dir)) == (None, None, before)
        refresher._full_due = 0.0
        full = next(
            one for one in refresher._full_pass(stop) if one.lane == "full"
        )  # it tests, and publishes what was held
        assert (full.error, count_of_today(settings)["events"]) == (None, 15)
        assert current(settings.snapshots_dir).base is None

        refresher._in_full = True
        broken(monkeypatch, layer, "publish_layer", NoBase("too much differs"))
        before = current(settings.snapshots_dir)
        seal(settings, 3_000_000, 5)
        held = next(one for one in passes if one.lane == "live")
        assert (held.held, held.version) == ("too much differs", None)
        assert current(settings.snapshots_dir) == before  # no half-built warehouse
        seen = next(one for one in passes if one.version)
        assert count_of_today(settings)["events"] == 20, seen


def test_a_full_pass_that_fails_holds_back_what_it_made_until_it_passes(settings, monkeypatch):
    stop = threading.Event()
    with Refresher(settings, PlainProgress()) as refresher:
        passes = refresher.passes(stop)
        seal(settings, 1_000_000, 10)
        assert of_lane(passes, "full").error is None
        real = full_lane.FullLane._run

        def failing_tests(lane, ids, stage, timing):
            if stage == "test":
                raise BuildFailedError("a test found rows")
            real(lane, ids, stage, timing)

        with monkeypatch.context() as patch:
            patch.setattr(full_lane.FullLane, "_run", failing_tests)
            refresher._full_due = 0.0
            failed = next(one for one in refresher._full_pass(stop) if one.lane == "full")
        assert failed.error == "a test found rows"
        seal(settings, 2_000_000, 5)
        assert "not tested yet" in refresher._live_pass().held
        assert count_of_today(settings)["events"] == 10
        refresher._full_due = 0.0
        done = next(one for one in refresher._full_pass(stop) if one.lane == "full")
        assert (done.error, refresher._full.untested) == (None, frozenset())
        assert count_of_today(settings)["events"] == 15


def test_sigterm_between_slices_ends_a_full_pass_that_begins_again(settings):
    stop = threading.Event()
    with Refresher(settings, PlainProgress()) as refresher:
        seal(settings, 1_000_000, 10)
        loaded = refresher._live_pass()
        assert loaded.error is None
        real, slices = refresher._full.build, []

        def stopping(*arguments):
            for names in real(*arguments):
                slices.append(names)
                stop.set()
                yield names

        refresher._full.build = stopping
        assert list(refresher.passes(stop)) == []
        assert len(slices) == 1
    assert read_state(settings)["state"] == "stopped"
    with Refresher(settings, PlainProgress()) as refresher:
        done = of_lane(refresher.passes(threading.Event()), "full")
        assert set(slices[0]) <= set(done.models)


def test_what_others_wrote_is_looked_at_and_stopping_then_touches_nothing(settings):
    stop = threading.Event()
    with Refresher(settings, PlainProgress()) as refresher:
        passes = refresher.passes(stop)
        of_lane(passes, "full")
        refresher._full_due = refresher._sources_due = float("inf")
        refresher._let_others_write(stop)  # nobody waits any more: it comes back at once
        assert refresher._full_due == refresher._sources_due == 0.0
        seal(settings, 1_000_000, 3)
        stop.set()
        refresher._let_others_write(stop)  # SIGTERM while somebody else writes
        assert not refresher._holds_lock
    assert len(list(settings.landing_dir.rglob("*.jsonl"))) == 1


def test_a_full_disk_stops_neither_heart_nor_journal(settings, monkeypatch):
    stop, said = threading.Event(), []
    with Refresher(settings, PlainProgress(said.append)) as refresher:
        full = OSError("no space left on device")
        broken(monkeypatch, refresher._journal, "append", full)
        broken(monkeypatch, refresher._journal, "tell", full)
        seal(settings, 1_000_000, 3)
        done = refresher._live_pass()
        assert done.error is None
        assert any("write the journal" in line for line in said)
        refresher._heart.tell("idle")
        assert refresher._live.waiting() == []
        stop.set()
    assert datetime.fromisoformat(read_state(settings)["at"]) <= datetime.now(UTC)
    assert done.pass_no not in [one["pass_no"] for one in read_passes(settings)]
    with Refresher(settings, PlainProgress()) as refresher:
        assert refresher._journal.pass_no == done.pass_no  # numbers rise though a line is missing
