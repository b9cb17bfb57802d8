"""Layers: readers see the warehouse as it is, through any number of them, and never half of one."""

from types import SimpleNamespace

import duckdb
import pytest

from serving import layout, snapshot
from serving.errors import PublishFailed, QueryFailed
from serving.layer import NoBase, publish_layer
from serving.snapshot import current, publish
from serving.store import Store

CUBES, TABLES = ("ind_live_1d",), ("srv_source_freshness",)
CONTENT = "SELECT * FROM indicators.ind_live_1d ORDER BY ALL"


@pytest.fixture
def live(warehouse):
    """The warehouse, held open as the refresher does, with a cube that knows its days."""
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            "CREATE TABLE indicators.ind_live_1d (stat_date DATE, dealer_id VARCHAR, live_cnt BIGINT)"
        )
        con.execute("CREATE SCHEMA indicator_state")
        con.execute(
            "CREATE TABLE indicator_state.day_fingerprint (table_name VARCHAR, stat_date DATE, "
            "row_cnt BIGINT, key_hash HUGEINT, row_hash HUGEINT, person_hash HUGEINT, definition VARCHAR)"
        )
        for number in range(1, 11):
            rewrite(con, number, number)
    return warehouse


def rewrite(con, day, value):
    """A day of the cube, as a build rewrites it with its fingerprint."""
    con.execute("DELETE FROM indicators.ind_live_1d WHERE stat_date = make_date(2026, 1, $1)", [day])
    con.execute("DELETE FROM indicator_state.day_fingerprint WHERE stat_date = make_date(2026, 1, $1)", [day])
    if value is not None:
        con.execute(
            "INSERT INTO indicators.ind_live_1d VALUES (make_date(2026, 1, $1), 'D1', $2), "
            "(make_date(2026, 1, $1), NULL, $2)",
            [day, value],
        )
        con.execute(
            "INSERT INTO indicator_state.day_fingerprint VALUES "
            "('ind_live_1d', make_date(2026, 1, $1), 2, $2, $2, 0, 'x')",
            [day, value],
        )


def layer(con, snapshots):
    return publish_layer(con, snapshots, cubes=CUBES, tables=TABLES)


def test_readers_see_the_warehouse_through_each_layer(live, snapshots):
    publish(live, snapshots)
    store = Store(snapshots)
    before = store.snapshot()
    with duckdb.connect(str(live)) as con:
        changes = [(10, 99), (11, 1), (3, None), (3, 7)]  # a day grows, is new, has gone, comes back
        for number, (day, value) in enumerate(changes, start=2):
            rewrite(con, day, value)
            con.execute("UPDATE serving.srv_source_freshness SET read_cnt = $1", [number])
            report = layer(con, snapshots)
            now = store.snapshot()
            assert (now.version, now.ref.path) == (number, report.path)
            assert now.query(CONTENT).to_pylist() == con.sql(CONTENT).to_arrow_table().to_pylist()
            assert set(
                now.query("SELECT read_cnt AS n FROM serving.srv_source_freshness")["n"].to_pylist()
            ) == {number}
            assert now.query("SELECT count(*) AS n FROM serving.srv_dealer").to_pylist() == [{"n": 40}]
        assert sorted(day.day for day in report.days["ind_live_1d"]) == [3, 10, 11]
    held = before.query("SELECT sum(live_cnt)::BIGINT AS n FROM indicators.ind_live_1d").to_pylist()
    assert held == [{"n": 110}]  # whoever holds a version stays on it


def test_a_day_that_is_again_what_it_was_needs_no_layer(live, snapshots):
    publish(live, snapshots)
    with duckdb.connect(str(live)) as con:
        rewrite(con, 4, 5)
        assert list(layer(con, snapshots).days) == ["ind_live_1d"]
        rewrite(con, 4, 4)
        assert layer(con, snapshots).days == {}


def test_a_whole_snapshot_takes_over_and_old_layers_go(live, snapshots):
    publish(live, snapshots)
    with duckdb.connect(str(live)) as con:
        for number in range(6):
            rewrite(con, 1, number)
            layer(con, snapshots)
    assert len(list(snapshots.glob("layer-*"))) == layout.KEEP_LAYERS
    publish(live, snapshots)
    now = current(snapshots)
    assert (now.base, now.version) == (None, 8)
    assert Store(snapshots).query(CONTENT).num_rows == 20


def test_the_room_for_a_snapshot_is_measured_by_the_last_whole_one(live, snapshots, monkeypatch):
    publish(live, snapshots)
    with duckdb.connect(str(live)) as con:
        rewrite(con, 1, 2)
        con.execute("UPDATE serving.srv_source_freshness SET read_cnt = 5")
        layer(con, snapshots)
    now = current(snapshots)
    free = now.whole.stat().st_size  # too little for half as much again, much for the layer
    now.path.write_bytes(b"x")
    monkeypatch.setattr(snapshot, "FIRST_BYTES", 1)
    monkeypatch.setattr(snapshot.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    with pytest.raises(PublishFailed, match="MB free"):
        publish(live, snapshots)


def test_the_snapshot_under_a_layer_stays(live, snapshots):
    publish(live, snapshots)
    with duckdb.connect(str(live)) as con:
        for number in range(10):
            rewrite(con, 1, number)
            publish_layer(con, snapshots, cubes=CUBES, tables=TABLES, keep=1)
    assert current(snapshots).base.exists()
    assert current(snapshots).identity_path.name.startswith("identity-000001-")


@pytest.mark.parametrize("stage", ["built", "renamed"])
def test_a_layer_that_stops_leaves_the_last_version(live, snapshots, stage):
    publish(live, snapshots)
    before = current(snapshots)

    def stop(now):
        if now == stage:
            raise RuntimeError

    with duckdb.connect(str(live)) as con:
        rewrite(con, 1, 100)
        with pytest.raises(RuntimeError):
            publish_layer(con, snapshots, cubes=CUBES, tables=TABLES, on_stage=stop)
        assert current(snapshots) == before
        assert not list(snapshots.glob(f"{layout.BUILDING}*"))
        layer(con, snapshots)  # and nothing is in the way of the next
    assert Store(snapshots).query(CONTENT).num_rows == 20


def test_without_a_snapshot_that_knows_its_days_there_is_no_layer(live, snapshots):
    with duckdb.connect(str(live)) as con, pytest.raises(NoBase, match="whole snapshot"):
        layer(con, snapshots)


def test_nothing_can_be_written_through_a_layer(live, snapshots):
    publish(live, snapshots)
    with duckdb.connect(str(live)) as con:
        layer(con, snapshots)
    store = Store(snapshots)
    for statement in ("CREATE TABLE serving.mine AS SELECT 1", "DELETE FROM layer.srv_source_freshness"):
        with pytest.raises(QueryFailed):
            store.query(statement)
