"""Every pass of the refresher becomes one materialization in Dagster, once, with what it did."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration.alerts import Outbox
from orchestration.assets.live import keep_refresher, refresh_passes, resident_refresher
from orchestration.assets.naming import LIVE_PASS_KEY
from orchestration.refresher.journal import Journal, Pass, SourceRows, Stage
from orchestration.settings import load_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("FORECOURT_DATA_DIR", str(tmp_path))
    return load_settings()


def write(settings, *numbers, state="idle", at=None, **changes):
    """Passes of these numbers in the journal, and the refresher's state."""
    journal = Journal(settings)
    for number in numbers:
        rows = SourceRows("app", "critical", read=10, loaded=7, rejected=2, repeated=1)
        done = Pass(
            number,
            "boot",
            "live",
            "2026-11-20T10:00:00+00:00",
            seconds=0.4,
            stages=[Stage("load", 0.0, 0.1), Stage("publish", 0.3, 0.1)],
            sources=[rows, rows],
            segments=["a", "b"],
            version=5,
            lag_seconds={"p50": 0.5, "p95": 0.9, "max": 1.0},
            **changes,
        )
        journal.append(done)
    at = at or datetime.now(UTC).isoformat()
    journal.tell(state, at, pass_no=max(numbers), backlog={"segments": 0, "oldest_seconds": 0})


def tick(cursor=None):
    """One evaluation of the sensor: the materializations, and the cursor for the next."""
    result = refresh_passes(dg.build_sensor_context(cursor=cursor))
    if isinstance(result, dg.SkipReason):
        return [], cursor
    return result.asset_events, result.cursor


def test_each_pass_is_told_once_with_its_rows_rejects_lag_and_seconds(settings):
    assert tick() == ([], None)
    write(settings, 1, 2)
    events, cursor = tick()
    assert [event.asset_key for event in events] == [LIVE_PASS_KEY] * 2
    said = {name: value.value for name, value in events[0].metadata.items()}
    assert (said["read"], said["loaded"], said["rejected"], said["repeated"]) == (20, 14, 4, 2)
    assert (said["lag p95 (s)"], said["seconds"], said["publish seconds"]) == (0.9, 0.4, 0.1)
    assert tick(cursor) == ([], cursor)
    write(settings, 3, error="the build broke")
    ((event,), cursor) = tick(cursor)
    assert (cursor, event.description) == ("3", "the build broke")
    assert isinstance(event, dg.AssetObservation)  # it has made nothing
    write(settings, 4, held="not tested yet")
    ((event,), cursor) = tick(cursor)
    assert isinstance(event, dg.AssetObservation)


def test_a_data_folder_that_was_made_anew_is_told_from_its_first_pass(settings):
    write(settings, 1)
    events, cursor = tick("900")
    assert (len(events), cursor) == (1, "1")


def test_a_silent_refresher_is_told_to_somebody(settings):
    write(settings, 1, at="2026-11-20T10:00:00+00:00")
    tick()
    (alert,) = Outbox(settings.outbox_dir / "alerts").open_alerts()
    assert "has said nothing" in alert.text
    write(settings, 2)
    tick()
    assert Outbox(settings.outbox_dir / "alerts").open_alerts() == []


def test_one_run_of_the_supervisor_is_kept_going():
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        (request,) = keep_refresher(context)
        assert isinstance(request, dg.RunRequest)
        instance.create_run_for_job(resident_refresher, status=dg.DagsterRunStatus.STARTED)
        (reason,) = keep_refresher(context)
        assert isinstance(reason, dg.SkipReason)
