"""Reading: always one whole version, clear errors, and nothing but the snapshot within reach."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from serving.errors import NoSnapshot, QueryFailed, SnapshotBroken
from serving.snapshot import current, publish
from serving.store import Store
from tests.unit.serving.test_publish import change
from tests.unit.serving.warehouse import AS_OF


def count_dealers(reader) -> int:
    return reader.query("SELECT count(*) AS n FROM serving.srv_dealer").to_pylist()[0]["n"]


def test_before_the_first_publish_it_says_what_to_run(snapshots):
    with pytest.raises(NoSnapshot, match="make run"):
        Store(snapshots).snapshot()


def test_it_moves_on_to_a_new_version_and_a_holder_stays_on_the_old(warehouse, snapshots):
    publish(warehouse, snapshots)
    store = Store(snapshots)
    held = store.snapshot()
    assert count_dealers(store) == 40
    change(warehouse, "DELETE FROM serving.srv_dealer WHERE dealer_id > 'D0010'")
    for _ in range(4):  # the held version's file is pruned meanwhile
        publish(warehouse, snapshots, keep=1)
    assert not held.ref.path.exists()
    assert count_dealers(held) == 40
    assert count_dealers(store) == 10
    assert store.snapshot().version == 5


def test_a_folder_that_was_removed_and_filled_anew_is_read_anew(warehouse, snapshots):
    """After `make clean` and `make run` a running reader shows the new world, also under the old number."""
    publish(warehouse, snapshots)
    store = Store(snapshots)
    held = store.snapshot()
    assert count_dealers(held) == 40
    shutil.rmtree(snapshots)
    change(warehouse, "DELETE FROM serving.srv_dealer WHERE dealer_id > 'D0010'")
    publish(warehouse, snapshots)
    fresh = store.snapshot()
    assert (fresh.version, count_dealers(fresh)) == (held.version, 10)
    assert fresh.ref.path != held.ref.path  # what pages cache is keyed by the path


def test_versions_that_nobody_holds_are_closed(warehouse, snapshots):
    import psutil

    publish(warehouse, snapshots)
    store = Store(snapshots)
    for _ in range(5):
        publish(warehouse, snapshots)
        store.query("SELECT 1")
    open_files = [one.path for one in psutil.Process().open_files() if str(snapshots) in one.path]
    assert open_files == [str(current(snapshots).path)]


def test_meta_and_instants_are_utc(store):
    meta = store.snapshot().meta
    assert (meta.version, meta.as_of) == (1, AS_OF)
    assert meta.published_at <= datetime.now(UTC)
    table = store.query("SELECT last_loaded_at FROM serving.srv_source_freshness LIMIT 1")
    assert str(table.schema.field(0).type) == "timestamp[us, tz=UTC]"


def test_parameters_by_name_and_by_position(store):
    for sql, params in (("SELECT $a + 1 AS x", {"a": 1}), ("SELECT ? + 1 AS x", [1])):
        assert store.query(sql, params).to_pylist() == [{"x": 2}]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '{folder}/snapshot-000001-00000000.duckdb'",
        "ATTACH '{folder}/other.duckdb'",
        "SELECT * FROM glob('{folder}/*')",
        "CREATE TABLE serving.mine AS SELECT 1",
        "DELETE FROM serving.srv_dealer",
        "SET enable_external_access = true",
        "SET threads = 1",
        "INSTALL httpfs",
        "SELECT * FROM does_not_exist",
        "SELEC 1",
        "SELECT * FROM serving.srv_dealer WHERE no_such_column = 1",
    ],
)
def test_nothing_but_the_snapshot_is_within_reach(warehouse, snapshots, statement):
    publish(warehouse, snapshots)
    store = Store(snapshots)
    with pytest.raises(QueryFailed):
        store.query(statement.format(folder=snapshots))
    assert count_dealers(store) == 40


def test_a_local_variable_is_not_read_as_a_table(store):
    import pandas as pd

    secret = pd.DataFrame({"a": [1]})
    with pytest.raises(QueryFailed, match="secret"):
        store.query("SELECT * FROM secret")
    assert len(secret) == 1


def test_a_broken_pointer_a_missing_file_and_a_broken_file_are_named(warehouse, snapshots):
    publish(warehouse, snapshots)
    path = current(snapshots).path
    good = path.read_bytes()
    path.write_bytes(good[:8192])
    with pytest.raises(SnapshotBroken, match="cannot be opened"):
        Store(snapshots).snapshot()
    path.write_bytes(b"")
    with pytest.raises(SnapshotBroken):
        Store(snapshots).snapshot()
    path.unlink()
    with pytest.raises(SnapshotBroken, match="does not exist"):
        Store(snapshots).snapshot()
    (snapshots / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(SnapshotBroken, match="CURRENT"):
        Store(snapshots).snapshot()
    (snapshots / "CURRENT").write_text("../../etc/passwd")
    with pytest.raises(SnapshotBroken, match="not the name of a snapshot"):
        Store(snapshots).snapshot()


def test_a_file_under_another_versions_name_is_refused(warehouse, snapshots):
    publish(warehouse, snapshots)
    first = current(snapshots).path
    publish(warehouse, snapshots)
    current(snapshots).path.write_bytes(first.read_bytes())
    with pytest.raises(SnapshotBroken, match="does not hold version 2"):
        Store(snapshots).snapshot()


def test_one_store_serves_many_threads(store):
    sql = (
        "SELECT dealer_id, sum(passed_cnt)::BIGINT AS n FROM serving.srv_dealer_funnel GROUP BY 1 ORDER BY 1"
    )
    expected = store.query(sql)
    with ThreadPoolExecutor(8) as pool:
        assert all(answer.equals(expected) for answer in pool.map(lambda _: store.query(sql), range(80)))
