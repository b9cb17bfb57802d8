"""Publishing: what the snapshot holds, what is refused, and what stays when a publish fails."""

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from serving import layout
from serving.errors import PublishBusy, PublishFailed, PublishUnsure
from serving.snapshot import current, publish
from serving.store import Store
from tests.unit.serving.warehouse import AS_OF


def change(warehouse: Path, *statements: str) -> None:
    with duckdb.connect(str(warehouse)) as con:
        for statement in statements:
            con.execute(statement)


def test_every_relation_of_the_public_schemas_is_copied_with_its_rows_and_types(warehouse, snapshots):
    change(
        warehouse,
        "CREATE TABLE indicators.ind_odd AS SELECT 1::UTINYINT AS a, [1, 2] AS b, "
        "{'x': DATE '2026-01-01'} AS c, "
        "1.10::DECIMAL(10, 2) AS d, TIMESTAMPTZ '2026-01-01 00:00+00' AS e, NULL::VARCHAR AS f",
    )
    report = publish(warehouse, snapshots, as_of=AS_OF)
    with duckdb.connect() as con:
        con.execute(
            f"ATTACH '{report.path}' AS snap (READ_ONLY); ATTACH '{warehouse}' AS warehouse (READ_ONLY)"
        )
        for key, rows in report.tables.items():
            assert con.execute(f"SELECT count(*) FROM warehouse.{key}").fetchone() == (rows,)
            ours, theirs = (
                con.execute(f"DESCRIBE {base}.{key}").fetchall() for base in ("snap", "warehouse")
            )
            assert [row[:2] for row in ours] == [row[:2] for row in theirs]
            for one, other in (("snap", "warehouse"), ("warehouse", "snap")):
                assert con.execute(f"FROM {one}.{key} EXCEPT ALL FROM {other}.{key}").fetchall() == []
        schemas = con.execute("SELECT DISTINCT schema_name FROM duckdb_tables() WHERE database_name = 'snap'")
        assert {row[0] for row in schemas.fetchall()} == {"main", "indicators", "serving"}
        assert con.execute("SELECT version, as_of FROM snap.meta").fetchone() == (1, AS_OF)
    assert "indicators.ind_lead_1d" in report.tables  # a view in the warehouse, a table in the snapshot


def test_old_versions_go_but_numbers_only_rise(warehouse, snapshots):
    for _ in range(5):
        report = publish(warehouse, snapshots, keep=3)
    assert [one.version for one in layout.versions(snapshots)] == [3, 4, 5]
    for one in layout.versions(snapshots):
        one.path.unlink()  # somebody cleaned up by hand: the pointer still knows the number
    assert publish(warehouse, snapshots).version == report.version + 1
    (snapshots / "CURRENT").unlink()
    assert publish(warehouse, snapshots).version == report.version + 2


def test_leftovers_of_a_killed_publish_are_cleaned(warehouse, snapshots):
    reports = [publish(warehouse, snapshots)]
    (snapshots / f"{layout.BUILDING}snapshot-000002-00000000.duckdb").write_bytes(b"half a file")
    (snapshots / f"{layout.BUILDING}snapshot-000002-00000000.duckdb.wal").write_bytes(b"x")
    reports.append(publish(warehouse, snapshots))
    assert sorted(path.name for path in snapshots.iterdir()) == [
        ".publish.lock", "CURRENT", *(report.path.name for report in reports),
    ]  # fmt: skip


def test_an_old_version_that_cannot_be_deleted_fails_no_publish(warehouse, snapshots, caplog):
    stuck = publish(warehouse, snapshots).path
    stuck.unlink()
    (stuck / "something").mkdir(parents=True)  # no file: the system refuses to unlink it
    publish(warehouse, snapshots)
    report = publish(warehouse, snapshots, keep=1)
    assert current(snapshots).version == report.version == 3
    assert [one.version for one in layout.versions(snapshots)] == [1, 3]
    assert f"{stuck} could not be deleted" in caplog.text


def test_a_disk_that_does_not_confirm_the_pointer_does_not_hide_that_it_moved(
    warehouse, snapshots, monkeypatch
):
    publish(warehouse, snapshots)
    to_disk = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        to_disk(descriptor)

    def break_disk(stage: str) -> None:
        if stage == "renamed":
            monkeypatch.setattr(os, "fsync", fsync)

    with pytest.raises(PublishUnsure, match=r"Version 2 is current, but the disk .* Input/output error"):
        publish(warehouse, snapshots, on_stage=break_disk)
    assert current(snapshots).version == 2


def test_a_broken_pointer_is_repaired_by_the_next_publish(warehouse, snapshots):
    publish(warehouse, snapshots)
    (snapshots / "CURRENT").write_text("snapsh")
    assert publish(warehouse, snapshots).version == 2
    assert current(snapshots).version == 2


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DROP TABLE serving.srv_weak_link", "no serving.srv_weak_link"),
        ("ALTER TABLE serving.srv_dealer_funnel DROP mature_passed_cnt", "lacks mature_passed_cnt"),
        ("DELETE FROM serving.srv_funnel_step", "srv_funnel_step is empty"),
        ("ALTER TABLE serving.srv_dealer ADD COLUMN Email VARCHAR", "holds email: personal data"),
        ("CREATE VIEW indicators.ind_broken AS SELECT * FROM warehouse.core.dim_gone", "dim_gone"),
    ],
)
def test_a_warehouse_that_would_break_the_readers_is_refused(warehouse, snapshots, statement, message):
    publish(warehouse, snapshots)
    if "VIEW" in statement:
        change(
            warehouse, "CREATE TABLE core.dim_gone AS SELECT 1 AS a", statement, "DROP TABLE core.dim_gone"
        )
    else:
        change(warehouse, statement)
    with pytest.raises(PublishFailed, match=message):
        publish(warehouse, snapshots)
    assert current(snapshots).version == 1
    assert Store(snapshots).query("SELECT count(*) AS n FROM serving.srv_dealer").to_pylist() == [{"n": 40}]
    assert not list(snapshots.glob(f"{layout.BUILDING}*"))


def test_without_a_warehouse_it_says_what_to_run(tmp_path, snapshots):
    with pytest.raises(PublishFailed, match="forecourt run"):
        publish(tmp_path / "nothing.duckdb", snapshots)


def test_a_truncated_warehouse_leaves_the_last_snapshot(warehouse, snapshots):
    publish(warehouse, snapshots)
    warehouse.write_bytes(warehouse.read_bytes()[:5000])
    with pytest.raises(PublishFailed, match="warehouse"):
        publish(warehouse, snapshots)
    assert current(snapshots).version == 1


def test_a_writer_on_the_warehouse_is_named_as_the_reason(warehouse, snapshots):
    with duckdb.connect(str(warehouse)), pytest.raises(PublishBusy, match="being written"):
        publish(warehouse, snapshots)


def test_too_little_room_is_said_before_anything_is_written(warehouse, snapshots):
    publish(warehouse, snapshots)
    with pytest.raises(PublishFailed, match=r"MB free; the next snapshot needs about .* stays current"):
        publish(warehouse, snapshots, min_free_bytes=1 << 60)
    assert [one.version for one in layout.versions(snapshots)] == [1]


def test_a_disk_that_fills_while_writing_leaves_the_last_snapshot(warehouse, snapshots):
    publish(warehouse, snapshots)

    def small_disk() -> None:
        # The system refuses to let any file grow past this size, as a full disk does.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    script = (
        "import sys; from pathlib import Path; from serving.snapshot import publish; "
        "publish(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(warehouse), str(snapshots)],
        preexec_fn=small_disk, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "PublishFailed: The snapshot was not written" in done.stderr
    assert "the last one stays current" in done.stderr
    assert current(snapshots).version == 1
    assert not list(snapshots.glob(f"{layout.BUILDING}*"))
    assert publish(warehouse, snapshots).version == 2
