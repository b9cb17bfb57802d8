import multiprocessing
import os
import signal

import pytest

from orchestration.lock import WriterBusyError, current_writer, writer_lock


def hold(data_dir, holds, may_end):
    with writer_lock(data_dir, "forecourt run"):
        holds.set()
        may_end.wait(60)


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock of `tmp_path`."""
    context = multiprocessing.get_context("spawn")
    holds, may_end = context.Event(), context.Event()
    process = context.Process(target=hold, args=(tmp_path, holds, may_end))
    process.start()
    assert holds.wait(60)
    yield process, may_end
    may_end.set()
    process.join(60)


def test_a_second_writer_is_told_at_once_who_the_first_one_is(tmp_path, other):
    process, _ = other
    with (
        pytest.raises(
            WriterBusyError, match=rf"'forecourt run' \(process {process.pid}, since 20"
        ) as failure,
        writer_lock(tmp_path, "forecourt build"),
    ):
        pass
    assert "\n" not in str(failure.value)
    assert current_writer(tmp_path).pid == process.pid


def test_a_writer_that_waits_gets_the_lock_when_the_first_one_ends(tmp_path, other):
    _, may_end = other
    may_end.set()
    with writer_lock(tmp_path, "forecourt build", wait=60):
        assert current_writer(tmp_path).command == "forecourt build"


def test_a_killed_writer_frees_the_lock(tmp_path, other):
    process, _ = other
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert current_writer(tmp_path) is None
    with writer_lock(tmp_path, "forecourt build"):
        assert current_writer(tmp_path).pid == os.getpid()


def test_nobody_writes_to_a_folder_that_is_not_there(tmp_path):
    assert current_writer(tmp_path / "nowhere") is None
