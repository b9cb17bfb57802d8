"""Days of cubes that are rewritten in any case come out as a full build gives them."""

import shutil
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import duckdb
import pytest

from orchestration.assets.by_day import nightly_history
from orchestration.errors import ForecourtError
from orchestration.history import cube_names, days_written, nightly_ranges, rewrite_days
from orchestration.settings import load_settings
from serving.snapshot import publish

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
CUBES = ["ind_lead_1d", "ind_lead_person_1d"]


@pytest.fixture(scope="module")
def spoilt(tiny, tmp_path_factory):
    """The tiny world with two rows of a cube changed by hand, one inside the range and one before it."""
    built = tiny.copy(tmp_path_factory.mktemp("history"))
    with duckdb.connect(str(built.warehouse)) as connection:
        connection.execute(
            """update indicators.ind_lead_1d set lead_raw_cnt = lead_raw_cnt + 100
            where stat_date in ('2026-06-10', '2026-05-10')"""
        )
    return load_settings(data_dir=built.data_dir)


def differences(settings, tiny):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.warehouse}' as mine (read_only)")
        connection.execute(f"attach '{tiny.warehouse}' as theirs (read_only)")
        rows = connection.execute(
            """(from mine.indicators.ind_lead_1d except all from theirs.indicators.ind_lead_1d)
            union all (from theirs.indicators.ind_lead_1d except all from mine.indicators.ind_lead_1d)"""
        ).to_arrow_table()
    return sorted(set(rows["stat_date"].to_pylist()))


def test_a_back_fill_rewrites_its_days_and_no_other(spoilt, tiny):
    assert set(CUBES) <= set(cube_names(spoilt))
    before = days_written(spoilt)
    done = rewrite_days(spoilt, FIRST, LAST, CUBES)
    assert done.differing == {"ind_lead_1d": [date(2026, 6, 10)]}
    assert done.days
    assert all(FIRST <= day <= LAST for day in done.days)
    assert differences(spoilt, tiny) == [date(2026, 5, 10)]
    assert days_written(spoilt) == before

    with pytest.raises(ForecourtError, match="no cube ind_made_up"):
        rewrite_days(spoilt, FIRST, LAST, ["ind_made_up"])


def test_the_nightly_proof_takes_its_days_from_what_is_published(spoilt, monkeypatch):
    monkeypatch.setenv("FORECOURT_DATA_DIR", str(spoilt.data_dir))
    shutil.rmtree(spoilt.snapshots_dir, ignore_errors=True)
    night = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 11, 20, 3, 30, tzinfo=UTC))
    (nothing,) = nightly_history(night)
    assert nothing.skip_message == "Nothing is published yet, or nothing that has a day."

    publish(spoilt.warehouse, spoilt.snapshots_dir)  # no day is recorded: only a demo world says its own
    with duckdb.connect(str(spoilt.warehouse), read_only=True) as connection:
        (last_day,) = connection.execute("select max(as_of_on) from serving.srv_as_of").fetchone()
    *_, recent = nightly_history(night)
    assert recent.tags["dagster/asset_partition_range_end"] == last_day.isoformat()


def test_each_night_takes_the_last_days_and_all_nights_take_everything():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(200)]
    tonight = date(2026, 9, 30)
    taken = set()
    for night in range(28):
        older, recent = nightly_ranges(days, tonight + timedelta(days=night))
        assert recent == (days[-7], days[-1])
        taken |= {day for day in days if older[0] <= day <= older[1]}
    assert taken | set(days[-7:]) == set(days)
    assert nightly_ranges(days[:3], tonight) == [(days[0], days[2])]
    assert nightly_ranges([], tonight) == []
