"""Segments into the raw tables: everything once, whatever happens to files and process."""

import os
import shutil
import time

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from ingestion.collector.segments import recover
from ingestion.live.archive import archive, remove_orphans, restore
from ingestion.live.load import LiveLoader
from ingestion.live.seen import SeenIds
from ingestion.live.waiting import (
    MAX_SEGMENTS,
    Waiting,
    backlog,
    first,
    loaded_segments,
    mark_loaded,
    waiting_segments,
)
from tests.unit.ingestion.live.conftest import event, seal


def ids(loader):
    found = loader.connection.execute("select message_id from raw_app.event order by 1").fetchall()
    return [row[0].removeprefix("message-") for row in found]


def counts(loaded):
    return [(one.lane, one.read, one.loaded, one.rejected, one.repeated) for one in loaded.lanes]


def test_events_load_with_their_counts_refusals_and_ledger(loader, landing):
    seal(landing, [event("a"), event("b"), event("a"), {"event": "no_such_event"}, b"{half\n"])
    seal(landing, [event("c", event="order_signed_by_nobody"), event("d")], "critical")
    waiting = waiting_segments(landing)
    assert [one.lane for one in waiting] == ["critical", "normal"]  # the critical lane first
    loaded = loader.load(waiting)
    assert counts(loaded) == [("critical", 2, 1, 1, 0), ("normal", 5, 2, 2, 1)]
    assert ids(loader) == ["a", "b", "d"]
    assert (loaded.received_us == 1790762401_000_000).all()
    [audit] = loader.connection.execute(
        "select read_cnt, loaded_cnt, rejected_cnt, repeated_cnt, is_balanced from raw_app.load_audit "
        "where run_id like 'live-%'"
    ).fetchall()
    assert audit == (7, 3, 3, 1, True)
    refused = loader.connection.execute("select reason_code, original from raw_app.rejected_row").fetchall()
    assert ("json", b"{half") in refused


def test_an_id_counts_once_in_whichever_segment_and_load(loader, landing):
    seal(landing, [event("a")], "critical")
    seal(landing, [event("a"), event("b")])
    assert counts(loader.load(waiting_segments(landing))) == [
        ("critical", 1, 1, 0, 0),
        ("normal", 2, 1, 0, 1),
    ]
    again = LiveLoader(loader.connection)  # after a restart
    seal(landing, [event("b"), event("c")])
    assert counts(again.load(waiting_segments(landing)))[-1] == ("normal", 2, 1, 0, 1)
    assert ids(loader) == ["a", "b", "c"]


def test_a_segment_that_was_copied_counts_once(loader, landing):
    path = seal(landing, [event("a"), {"event": "no_such_event"}])
    loader.load(waiting_segments(landing))
    (landing / "critical").mkdir()
    shutil.copy(path, landing / "critical" / path.name)  # under its name: the ledger knows it
    shutil.copy(path, landing / "normal" / f"copy-of-{path.name}")  # under another: its events are known
    assert counts(loader.load(waiting_segments(landing))) == [("normal", 2, 0, 1, 1)]
    assert ids(loader) == ["a"]


def test_a_load_that_fails_leaves_nothing_and_loads_all_the_next_time(loader, landing, monkeypatch):
    seal(landing, [event("a"), event("b")])

    def broken(*_args):
        raise duckdb.IOException("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(loader, "_count", broken)
        with pytest.raises(duckdb.IOException):
            loader.load(waiting_segments(landing))
    assert ids(loader) == []
    assert len(loader.seen) == 0
    assert counts(loader.load(waiting_segments(landing))) == [("normal", 2, 2, 0, 0)]


def damage(path, age=3600.0):
    """Cut a segment as a copy that stopped leaves it; its last write is ``age`` seconds ago."""
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    os.utime(path, (time.time() - age, time.time() - age))
    return whole


def test_what_is_left_of_a_damaged_segment_is_loaded_and_the_whole_may_come_later(loader, landing):
    path = seal(landing, [event("a"), event("b")])
    whole = damage(path)
    waiting = waiting_segments(landing)
    loaded = loader.load(waiting)
    mark_loaded(waiting)
    assert counts(loaded) == [("normal", 2, 1, 1, 0)]
    assert "checksum differs" in loaded.notes[0]
    path.write_bytes(whole)
    again = waiting_segments(landing)
    assert counts(loader.load(again)) == [("normal", 2, 1, 0, 1)]
    mark_loaded(again)
    assert [one.path.read_bytes() for one in loaded_segments(landing)] == [whole]


def test_a_segment_that_is_being_copied_is_left_alone(loader, landing):
    path = seal(landing, [event("a"), event("b")])
    whole = damage(path, age=1.0)
    other = seal(landing, [event("c")])
    loaded = loader.load(waiting_segments(landing))
    assert (loaded.segments, loaded.unsettled) == ((other.name,), (path.name,))
    path.write_bytes(whole)
    assert counts(loader.load(waiting_segments(landing))) == [("normal", 2, 2, 0, 0)]


def test_a_copy_never_replaces_a_whole_segment(landing):
    path = seal(landing, [event("a")])
    whole = path.read_bytes()
    mark_loaded(waiting_segments(landing))
    path.write_bytes(whole[:10])
    mark_loaded(waiting_segments(landing))
    assert waiting_segments(landing) == []
    assert [one.path.read_bytes() for one in loaded_segments(landing)] == [whole]


def test_the_half_line_of_a_killed_collector_is_nobodys_event(loader, landing):
    folder = landing / "normal"
    folder.mkdir(parents=True)
    whole = b'{"event": "no_such_event"}\n'
    (folder / "events-x.open").write_bytes(whole + b'{"messageId": "ha')
    assert waiting_segments(landing) == []
    recover(folder)
    assert counts(loader.load(waiting_segments(landing))) == [("normal", 1, 0, 1, 0)]


def test_load_ids_rise_when_the_clock_is_set_back(loader, landing, monkeypatch):
    seal(landing, [event("a")])
    before = loader.load(waiting_segments(landing)).load_id
    loader.connection.execute("update raw_app.load_audit set _dlt_load_id = '9999999999.5000000'")
    seal(landing, [event("b")])
    after = loader.load(waiting_segments(landing)).load_id
    assert before < "9999999999.5000000" < after


def test_a_new_field_becomes_a_column(loader, landing):
    seal(landing, [event("a", dealer="D1")])
    loader.load(waiting_segments(landing))
    assert loader.connection.execute("select dealer from raw_app.event").fetchall() == [("D1",)]


def test_loaded_segments_become_one_archive_and_come_back_byte_for_byte(loader, landing, tmp_path):
    paths = [seal(landing, [event()]), seal(landing, [event()], "critical")]
    content = {path.name: path.read_bytes() for path in paths}
    segments = waiting_segments(landing)
    loader.load(segments)
    mark_loaded(segments)
    assert waiting_segments(landing) == []
    file = archive(loader.connection, tmp_path / "archive", loaded_segments(landing))
    assert list(landing.rglob("*.jsonl*")) == []
    named = loader.connection.execute("select distinct archived_in from raw_app.segment").fetchall()
    assert named == [(file.name,)]
    restored = restore(file, tmp_path / "again")
    assert {path.name: path.read_bytes() for path in restored} == content


def test_an_archive_that_the_ledger_does_not_know_goes_where_its_segments_are_still_there(
    loader, landing, tmp_path
):
    class KilledError(Exception):
        pass

    def killed(stage):
        if stage == "written":
            raise KilledError

    seal(landing, [event()])
    segments = waiting_segments(landing)
    loader.load(segments)
    mark_loaded(segments)
    kept = tmp_path / "archive"
    with pytest.raises(KilledError):
        archive(loader.connection, kept, loaded_segments(landing), killed)
    [orphan] = kept.rglob("*.parquet")
    segment = loaded_segments(landing)[0].path
    away = segment.rename(tmp_path / "away")
    assert remove_orphans(loader.connection, kept, landing) == []  # nobody else has its segments
    away.rename(segment)
    assert remove_orphans(loader.connection, kept, landing) == [orphan]
    file = archive(loader.connection, kept, loaded_segments(landing))
    assert remove_orphans(loader.connection, kept, landing) == []
    assert list(kept.rglob("*.parquet")) == [file]


def test_a_restored_segment_is_never_half_there(loader, landing, tmp_path, monkeypatch):
    seal(landing, [event()])
    segments = waiting_segments(landing)
    loader.load(segments)
    mark_loaded(segments)
    file = archive(loader.connection, tmp_path / "archive", loaded_segments(landing))

    def full_disk(path, content):
        with path.open("wb") as handle:
            handle.write(content[:10])
        raise OSError("no space left")

    monkeypatch.setattr(type(file), "write_bytes", full_disk)
    with pytest.raises(OSError, match="no space"):
        restore(file, landing)
    assert waiting_segments(landing) == []


def test_a_pass_takes_no_more_segments_than_a_pass_can_bear(landing):
    path = landing / "normal" / "events-0-00000000.jsonl"
    many = [Waiting(path, "normal", 1, 0.0)] * (MAX_SEGMENTS + 1)
    assert len(first(many, 1 << 30)) == MAX_SEGMENTS


def test_a_broken_connection_leaves_no_ids_that_were_taken_back(loader, landing, monkeypatch):
    seal(landing, [event("a")])
    file = loader.connection.execute("select path from duckdb_databases() where not internal").fetchone()[0]

    def broken(*_args):
        loader.connection.close()  # as after a fatal error: nothing more can be asked
        raise duckdb.FatalException("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(loader, "_count", broken)
        with pytest.raises(duckdb.FatalException):
            loader.load(waiting_segments(landing))
    with duckdb.connect(file) as connection:
        loader.attach(connection)
        assert counts(loader.load(waiting_segments(landing))) == [("normal", 1, 1, 0, 0)]
        assert len(loader.seen) == 1


def test_a_pass_takes_whole_segments_up_to_its_size_and_at_least_one(landing):
    for _ in range(3):
        seal(landing, [event()])
    waiting = waiting_segments(landing)
    assert len(first(waiting, 1)) == 1
    assert len(first(waiting, sum(one.size for one in waiting[:2]))) == 2
    waits = backlog(waiting)
    assert (waits.segments, waits.bytes) == (3, sum(one.size for one in waiting))
    assert backlog([]).oldest_seconds == 0


def test_ids_are_known_after_any_number_of_additions():
    with duckdb.connect() as connection:
        connection.execute("create table known as select 'k' || i as id from range(1000) as r(i)")
        seen = SeenIds(connection, "known", "id")
        for start in range(0, 500, 7):
            seen.add(seen.hashes(pa.chunked_array([[f"n{start + i}" for i in range(7)]])))
        asked = pa.chunked_array([["k5", "n3", "n496", "z1", "k999"]])
        assert seen.maybe(seen.hashes(asked)).tolist() == [True, True, True, False, True]
        assert len(seen) == 1000 + 72 * 7
        keys = pa.table({"messageId": asked, "row_no": pa.array(range(5))})
        looked_up = []
        seen.superseded("messageId", lambda rows: looked_up.append(rows) or np.array([0]))(keys)
        assert looked_up[0].column("messageId").to_pylist() == ["k5", "n3", "n496", "k999"]
