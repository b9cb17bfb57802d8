"""Readers in other processes while publishes happen, killed publishes, and two publishers at once."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from serving import layout
from serving.errors import PublishBusy
from serving.snapshot import current, publish
from serving.store import Store
from tests.unit.serving.processes import CHECK, is_right, stamp_sql
from tests.unit.serving.warehouse import write_warehouse

PUBLISHES = 50
READER_THREADS = (2, 1)  # a process for each


@pytest.fixture
def stamped(tmp_path: Path) -> Path:
    """A warehouse small enough to publish fast, holding the content of version 1."""
    path = write_warehouse(tmp_path / "warehouse.duckdb", dealers=3, days=20)
    stamp(path, 1)
    return path


def stamp(warehouse: Path, version: int) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute(stamp_sql(version))


def start(*args: object) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("processes.py")
    return subprocess.Popen(
        [sys.executable, str(script), *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_good(snapshots: Path) -> int:
    """The current version opens and is whole; return its number."""
    row = Store(snapshots).query(CHECK).to_pylist()[0]
    assert is_right(row)
    return row["version"]


def test_readers_in_other_processes_see_whole_versions_while_50_publishes_happen(
    stamped, snapshots, tmp_path
):
    publish(stamped, snapshots)
    stop = tmp_path / "stop"
    readers = [start("read", snapshots, stop, threads) for threads in READER_THREADS]
    for reader in readers:
        assert reader.stdout.readline() == "ready\n"
    for version in range(2, PUBLISHES + 2):
        stamp(stamped, version)
        assert publish(stamped, snapshots).version == version
    stop.touch()
    for reader in readers:
        out, err = reader.communicate(timeout=120)
        assert reader.returncode == 0, err
        answer = json.loads(out.splitlines()[-1])
        assert answer["wrong"] == []
        for versions in answer["seen"]:
            assert versions == sorted(versions), "a reader went back to an older version"
            assert versions[-1] == PUBLISHES + 1, "a reader did not move on to the last version"
            assert len(set(versions)) > 5, "readers hardly met the publishes: the test proves nothing"


def test_a_publish_killed_at_any_stage_leaves_a_good_snapshot(stamped, snapshots):
    stages: list[str] = []
    publish(stamped, snapshots, on_stage=stages.append)
    # Copies of the many relations are one kind of stage: the first and the last stand for all.
    copied = [number for number, stage in enumerate(stages) if stage.startswith("copied ")]
    kept_points = [number for number in range(len(stages)) if number not in copied[1:-1]]
    version = 1
    for at in kept_points:
        before = current(snapshots).version
        stamp(stamped, layout.next_ref(snapshots).version)
        victim = start("die", stamped, snapshots, at)
        victim.communicate(timeout=60)
        assert victim.returncode == -signal.SIGKILL
        version = assert_good(snapshots)
        if stages.index("current") <= at:
            assert version > before, f"killed after {stages[at]!r}: the new version had been made current"
        else:
            assert version == before, f"killed at {stages[at]!r}: the pointer must not have moved"
    stamp(stamped, layout.next_ref(snapshots).version)
    publish(stamped, snapshots)
    assert assert_good(snapshots) > version
    assert not list(snapshots.glob(f"{layout.BUILDING}*"))


@pytest.mark.parametrize("lines", [1, 14, 23, 37, 52])
def test_a_publish_killed_from_outside_leaves_a_good_snapshot(stamped, snapshots, lines):
    # It publishes the same content again and again, so the check by version numbers does not apply here.
    victim = start("publish", stamped, snapshots)
    for _ in range(lines):
        assert victim.stdout.readline()
    victim.kill()
    victim.communicate(timeout=60)
    if current(snapshots) is not None:
        rows = Store(snapshots).query("SELECT min(v) AS low, count(*) AS n FROM serving.stamp_a").to_pylist()
        assert rows == [{"low": 1, "n": 1001}]
    report = publish(stamped, snapshots, lock_timeout=5)
    assert current(snapshots).version == report.version


def test_two_publishers_take_turns(stamped, snapshots):
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: publish(stamped, snapshots), range(8)))
    assert sorted(report.version for report in reports) == list(range(1, 9))
    assert current(snapshots).version == 8


def test_a_second_publisher_gives_up_with_a_reason(stamped, snapshots):
    busy: list[str] = []

    def second(stage: str) -> None:
        if stage == "verified":
            with pytest.raises(PublishBusy, match="Another publish into") as caught:
                publish(stamped, snapshots, lock_timeout=0)
            busy.append(str(caught.value))

    publish(stamped, snapshots, on_stage=second)
    assert busy
