import errno
import fcntl
import os
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.collector.segments import OPEN, Segment, is_intact, recover

LINES = st.lists(st.binary(max_size=40).map(lambda text: text.replace(b"\n", b" ") + b"\n"), max_size=8)


def test_a_sealed_segment_holds_the_lines_and_names_their_checksum(tmp_path):
    segment = Segment(tmp_path)
    segment.append([b"one\n", b"two\n"])
    segment.append([b"three\n"])
    assert list(tmp_path.glob("*.jsonl")) == []  # a reader sees whole segments only
    sealed = segment.seal()
    assert sealed is not None
    assert sealed.read_bytes() == b"one\ntwo\nthree\n"
    assert sealed.name.endswith(f"-{zlib.crc32(sealed.read_bytes()):08x}.jsonl")
    assert is_intact(sealed)
    assert list(tmp_path.iterdir()) == [sealed]


def test_an_empty_segment_leaves_no_file(tmp_path):
    assert Segment(tmp_path).seal() is None
    assert list(tmp_path.iterdir()) == []


def test_a_segment_that_was_changed_is_told_from_one_that_was_not(tmp_path):
    segment = Segment(tmp_path)
    segment.append([b"one\n", b"two\n"])
    sealed = segment.seal()
    sealed.write_bytes(b"one\n")  # a copy that was cut off
    assert not is_intact(sealed)
    assert not is_intact(tmp_path / "events-2026.jsonl")


def test_a_failed_write_leaves_nothing_to_be_read_and_the_segment_goes_on(tmp_path, monkeypatch):
    segment = Segment(tmp_path)
    segment.append([b"safe\n"])

    def full(fd, data, offset):
        real(fd, bytes(data)[:3], offset)
        raise OSError(errno.ENOSPC, "No space left on device")

    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space"):
        segment.append([b"not acknowledged\n"])
    monkeypatch.undo()
    segment.append([b"after\n"])
    sealed = segment.seal()
    assert sealed.read_bytes() == b"safe\nafter\n"
    assert is_intact(sealed)


def test_a_segment_in_use_is_not_recovered(tmp_path):
    segment = Segment(tmp_path)
    segment.append([b"mine\n"])
    assert recover(tmp_path) == []
    assert segment.seal().read_bytes() == b"mine\n"


def test_a_process_that_starts_while_a_segment_is_made_takes_nothing_of_it(tmp_path, monkeypatch):
    real = fcntl.flock

    def flock(fd, operation):
        monkeypatch.setattr(fcntl, "flock", real)
        recover(tmp_path)  # another worker starts between the creation and the lock
        real(fd, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    segment = Segment(tmp_path)
    segment.append([b"acknowledged\n"])
    assert recover(tmp_path) == []
    assert segment.seal().read_bytes() == b"acknowledged\n"


@settings(max_examples=60, deadline=None)
@given(lines=LINES, cut=st.binary(max_size=20).map(lambda text: text.replace(b"\n", b"")))
def test_what_a_killed_process_left_is_sealed_without_its_half_line(tmp_path_factory, lines, cut):
    lane = tmp_path_factory.mktemp("lane")
    (lane / f"events-x{OPEN}").write_bytes(b"".join(lines) + cut)
    sealed = recover(lane)
    if lines:
        assert sealed[0].read_bytes() == b"".join(lines)
        assert is_intact(sealed[0])
    assert list(lane.iterdir()) == sealed
    assert recover(lane) == []  # a second start finds nothing to do
